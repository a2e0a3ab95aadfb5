using System.Globalization;
using BlazorAdmin.Shell.Lists;
using Microsoft.Extensions.Localization;

namespace BlazorAdmin.Features.Jobs.Statistics;

/// <summary>The figures as CSV: <c>/admin/jobs/statistics.csv?range=24h</c>, a row for each type and each node.</summary>
public static class StatisticsExport
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/admin/jobs/statistics.csv", async (string? range, string? type, string? node, StatisticsService statistics, IStringLocalizer<StatisticsTexts> texts, HttpContext http, CancellationToken cancellation) =>
        {
            var found = await statistics.ReadAsync(range, type, node, cancellation);
            http.Response.ContentType = "text/csv; charset=utf-8";
            http.Response.Headers.ContentDisposition = string.Create(CultureInfo.InvariantCulture, $"attachment; filename=\"job-statistics-{found.Range.Key}.csv\"");
            http.Response.Headers.CacheControl = "no-store";
            await ListExport.WriteCsv(Rows(found, texts).ToAsyncEnumerable(), Columns(texts), http.Response.Body, cancellation);
        }).RequireAuthorization(JobsPermissions.Read);

    private static IEnumerable<(string Kind, string Name, JobFigureSum Sum)> Rows(JobStatistics found, IStringLocalizer<StatisticsTexts> texts) =>
        [.. found.Types.Select(t => (texts["Type"].Value, t.Key, t.Value)), .. found.Nodes.Select(n => (texts["Worker"].Value, n.Key, n.Value))];

    private static IReadOnlyList<ExportColumn<(string Kind, string Name, JobFigureSum Sum)>> Columns(IStringLocalizer<StatisticsTexts> texts) =>
    [
        new("kind", texts["Kind"], r => r.Kind),
        new("name", texts["Name"], r => r.Name),
        new("succeeded", texts["Succeeded"], r => r.Sum.Succeeded),
        new("failed", texts["Failed"], r => r.Sum.Failed),
        new("retried", texts["Retried"], r => r.Sum.Retried),
        new("cancelled", texts["Cancelled"], r => r.Sum.Cancelled),
        new("failure_rate", texts["FailureRate"], r => r.Sum.FailureRate),
        new("wait_p50", texts["WaitOf", "p50"], r => r.Sum.Wait(0.5)),
        new("wait_p95", texts["WaitOf", "p95"], r => r.Sum.Wait(0.95)),
        new("run_p50", texts["RunOf", "p50"], r => r.Sum.Run(0.5)),
        new("run_p95", texts["RunOf", "p95"], r => r.Sum.Run(0.95)),
        new("run_p99", texts["RunOf", "p99"], r => r.Sum.Run(0.99)),
    ];
}
