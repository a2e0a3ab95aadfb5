using System.Globalization;
using System.Runtime.CompilerServices;
using BlazorAdmin.Shell.Lists;
using Microsoft.Extensions.Localization;

namespace BlazorAdmin.Features.Monitor.Store;

/// <summary>
/// <c>GET /admin/monitor/export?format=csv|json&amp;from=&amp;to=&amp;keys=a,b&amp;node=</c>: every sample or rollup of a range. Times as ISO 8601; without
/// <c>to</c> until now, without <c>keys</c> all series, without <c>node</c> this one. Ranges too long for a million samples come as rollups.
/// </summary>
internal static class MetricExport
{
    private const string Route = "/admin/monitor/export";

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapListExport(Route, "metrics", Columns, new ListQuery(), RowsAsync)
            .AddEndpointFilter(async (context, next) => await RefuseAsync(context.HttpContext) is { } problem
                ? TypedResults.Problem(problem, statusCode: StatusCodes.Status400BadRequest)
                : await next(context))
            .RequireAuthorization(MonitorPermissions.Read);

    /// <summary>Reads the query; <paramref name="problem"/> names the field and what to do when it cannot be used.</summary>
    internal static MetricExportQuery? Parse(ListQuery query, DateTimeOffset now, out string? problem)
    {
        problem = null;
        if (query.Filter("from") is null) problem = "from is missing: give the start of the range, for instance from=2026-01-31T08:00:00Z.";
        var from = Time(query, "from", now, ref problem);
        var to = Time(query, "to", now, ref problem);
        if (problem is null && from >= to) problem = "from is not before to: give the earlier time as from.";
        var keys = (query.Filter("keys") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return problem is null ? new MetricExportQuery(new MetricRange(from, to), keys, query.Filter("node")) : null;
    }

    private static DateTimeOffset Time(ListQuery query, string field, DateTimeOffset now, ref string? problem)
    {
        if (query.Filter(field) is not { } text) return now;
        // A plus sign that was not escaped arrives as a space.
        if (DateTimeOffset.TryParse(text.Replace(' ', '+'), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)) return time;
        problem ??= $"{field} is '{text}', which is no time: write it like 2026-01-31T08:00:00Z.";
        return now;
    }

    private static async Task<string?> RefuseAsync(HttpContext http)
    {
        var time = http.RequestServices.GetRequiredService<TimeProvider>();
        if (Parse(QueryOf(http), time.GetUtcNow(), out var problem) is not { } query) return problem;
        var history = http.RequestServices.GetRequiredService<MetricHistory>();
        if (query.Node is { } node && !(await history.NodesAsync(http.RequestAborted)).Contains(node)) return $"node is '{node}', of which nothing is stored: leave it out for this one.";
        if (query.Keys.Count == 0) return null;
        var known = (await history.SeriesAsync(query.Node, http.RequestAborted)).Select(s => s.Key).ToHashSet(StringComparer.Ordinal);
        return query.Keys.FirstOrDefault(key => !known.Contains(key)) is { } unknown
            ? $"keys names '{unknown}', which is not measured there: give names such as {string.Join(", ", known.Order(StringComparer.Ordinal).Take(3))}, or leave keys out for all."
            : null;
    }

    private static ListQuery QueryOf(HttpContext http) => ListQuery.Parse(http.Request.QueryString.Value ?? "", new ListQuery());

    private static async IAsyncEnumerable<MetricExportRow> RowsAsync(IServiceProvider services, ListQuery query, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (Parse(query, services.GetRequiredService<TimeProvider>().GetUtcNow(), out _) is not { } asked) yield break;
        var history = services.GetRequiredService<MetricHistory>();
        var keys = asked.Keys.Count > 0 ? asked.Keys : [.. (await history.SeriesAsync(asked.Node, cancellation)).Select(s => s.Key)];
        await foreach (var row in history.ExportAsync(asked.Range, keys, asked.Node, ListExportEndpoint.DefaultRowLimit, cancellation)) yield return row;
    }

    private static IReadOnlyList<ExportColumn<MetricExportRow>> Columns(IServiceProvider services)
    {
        var texts = services.GetRequiredService<IStringLocalizer<MonitorTexts>>();
        return
        [
            new("node", texts["ExportNode"], row => row.Node),
            new("series", texts["ExportSeries"], row => row.Key),
            new("unit", texts["ExportUnit"], row => row.Unit),
            new("level", texts["ExportLevel"], row => row.Level),
            new("time", texts["ExportTime"], row => row.Time),
            new("min", texts["ExportMin"], row => row.Min),
            new("mean", texts["ExportMean"], row => row.Mean),
            new("max", texts["ExportMax"], row => row.Max),
            new("count", texts["ExportCount"], row => row.Count),
        ];
    }
}

/// <param name="Keys">Empty for all.</param>
/// <param name="Node">Null for this one.</param>
internal sealed record MetricExportQuery(MetricRange Range, IReadOnlyList<string> Keys, string? Node);
