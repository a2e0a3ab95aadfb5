using BlazorAdmin.Features.Tokens;
using BlazorAdmin.Shell;

namespace BlazorAdmin.Features.Monitor.Export;

public static class ExportSetup
{
    public static Portal AddMetricsExport(this Portal portal)
    {
        portal.Services.AddSingleton<IMetricsSource, HostMetricsSource>();
        portal.Services.AddSingleton<IMetricsSource, PortalMetricsSource>();
        return portal;
    }

    /// <summary><c>/metrics</c>: on the machine itself for everybody, from elsewhere with a token of scope <see cref="TokenScopes.MetricsRead"/>.</summary>
    public static void MapMetricsExport(this WebApplication app) =>
        app.MapGet("/metrics", WriteAsync).RequireToken(TokenScopes.MetricsRead, freeOnLoopback: true);

    private static async Task WriteAsync(HttpContext http, IEnumerable<IMetricsSource> sources)
    {
        var isOpenMetrics = http.Request.Headers.Accept.ToString().Contains("application/openmetrics-text", StringComparison.OrdinalIgnoreCase);
        http.Response.ContentType = isOpenMetrics ? PrometheusWriter.OpenMetricsType : PrometheusWriter.PlainType;
        http.Response.Headers.CacheControl = "no-store";
        var writer = new PrometheusWriter(http.Response.BodyWriter, isOpenMetrics);
        foreach (var source in sources) source.Write(writer);
        writer.End();
        await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
    }
}
