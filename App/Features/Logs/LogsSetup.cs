using BlazorAdmin.Features.Monitor.Export;
using BlazorAdmin.Features.Tokens;
using BlazorAdmin.Security;
using BlazorAdmin.Shell;
using BlazorAdmin.Shell.Lists;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.Extensions.Localization;

namespace BlazorAdmin.Features.Logs;

public static class LogsSetup
{
    public static Portal AddLogs(this Portal portal)
    {
        portal.Permission(LogsPermissions.Read, Roles.Operator);
        portal.Permission(LogsPermissions.Bundle, Roles.Operator);
        portal.Settings<LogsOptions>(LogsOptions.Section);
        portal.Topic<LogsWritten>("logs");
        portal.Health<LogsHealthCheck>("logs");
        portal.Navigation(new NavigationEntry("/admin/logs", typeof(LogsTexts), "Logs", NavigationGroup.Operations, "document", LogsPermissions.Read, 50));
        portal.Services.AddSingleton<LogQueue>();
        portal.Services.AddSingleton<LogKeeper>();
        portal.Services.AddSingleton<ILoggerProvider>(services => services.GetRequiredService<LogKeeper>());
        // What is kept is decided by the section Logs alone, not by what the console shows.
        portal.Services.AddLogging(logging => logging.AddFilter<LogKeeper>(null, LogLevel.Trace)
            // Says at every request without a token, also of somebody who only tries, that there was none.
            .AddFilter<LogKeeper>(typeof(TokenAuthentication).FullName, LogLevel.Warning));
        portal.Services.AddSingleton<LogWriter>();
        portal.Services.AddHostedService(services => services.GetRequiredService<LogWriter>());
        portal.Services.AddHostedService<LogCleanUp>();
        portal.Services.AddHostedService<TraceCollector>();
        portal.Services.AddScoped<CircuitHandler, LogPersonOfCircuit>();
        portal.Services.AddSingleton<IMetricsSource, LogMetricsSource>();
        portal.Services.AddScoped<LogsService>();
        portal.Services.AddSingleton<SupportBundleTurn>();
        portal.Services.AddScoped<SupportBundle>();
        return portal;
    }

    public static void MapLogs(this WebApplication app)
    {
        app.MapListExport(
            "/admin/logs/export", "log", Columns, new ListQuery(),
            static (services, query, cancellation) => services.GetRequiredService<LogsService>().ExportAsync(query, cancellation)).RequireAuthorization(LogsPermissions.Read);
        app.MapGet(SupportBundle.Route, static (HttpContext http, SupportBundle bundle, CancellationToken cancellation) => bundle.AnswerAsync(http, cancellation)).RequireAuthorization(LogsPermissions.Bundle);
    }

    private static IReadOnlyList<ExportColumn<LogEntry>> Columns(IServiceProvider services)
    {
        var texts = services.GetRequiredService<IStringLocalizer<LogsTexts>>();
        return
        [
            new("id", "Id", e => e.Id),
            new("time", texts["Time"], e => e.At),
            new("level", texts["Level"], e => (LogLevel)e.Level),
            new("slice", texts["Slice"], e => e.Slice),
            new("category", texts["Category"], e => e.Category),
            new("message", texts["Message"], e => e.Message),
            new("exception", texts["Exception"], e => e.Exception),
            new("reference", texts["Reference"], e => e.Reference),
            new("trace", texts["Trace"], e => e.TraceId),
            new("person", texts["Person"], e => e.UserId),
            new("job", texts["Job"], e => e.JobId),
            new("node", texts["Node"], e => e.Node),
            new("values", texts["Values"], e => e.Values),
        ];
    }
}
