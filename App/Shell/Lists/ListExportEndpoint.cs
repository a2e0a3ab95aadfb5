using System.Globalization;
using System.Net.Mime;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Localization;
using Microsoft.Net.Http.Headers;

namespace BlazorAdmin.Shell.Lists;

/// <summary>Rows of an export for a list's query: the slice's service authorises and streams them in the list's order.</summary>
public delegate IAsyncEnumerable<TRow> ExportRows<TRow>(IServiceProvider services, ListQuery query, CancellationToken cancellation);

public static class ListExportEndpoint
{
    public const int DefaultRowLimit = 1_000_000;
    private const int AtOnce = 4;
    private static readonly SemaphoreSlim Places = new(AtOnce, AtOnce);

    /// <summary>
    /// Maps <c>GET route?format=csv|json</c> plus the list's own query string. Four exports run at once in a process; a fifth is told to come
    /// back (429). An export longer than the limit ends there and says so in its last line (CSV) or element (JSON).
    /// </summary>
    public static RouteHandlerBuilder MapListExport<TRow>(this IEndpointRouteBuilder routes, string route, string fileName, Func<IServiceProvider, IReadOnlyList<ExportColumn<TRow>>> columns,
        ListQuery defaults, ExportRows<TRow> rows, int rowLimit = DefaultRowLimit) => routes.MapGet(route, async Task<Results<EmptyHttpResult, ProblemHttpResult>> (HttpContext http, TimeProvider time, IStringLocalizer<ShellTexts> texts, ILogger<ListQuery> log) =>
    {
        var format = http.Request.Query["format"].ToString();
        if (format is not ("csv" or "json")) return TypedResults.Problem("The format is csv or json.", statusCode: StatusCodes.Status400BadRequest);
        if (!await Places.WaitAsync(TimeSpan.Zero, http.RequestAborted))
        {
            http.Response.Headers.RetryAfter = "30";
            return TypedResults.Problem("Other exports are running. Try again in half a minute.", statusCode: StatusCodes.Status429TooManyRequests);
        }
        try
        {
            var query = ListQuery.Parse(http.Request.QueryString.Value ?? "", defaults);
            query = query.WithFilter("format", null).Matching();
            var fields = columns(http.RequestServices);
            var chosen = query.Columns.Length == 0 ? fields : [.. fields.Where(field => query.Columns.Contains(field.Key))];
            var isCut = false;
            var source = Limited(rows(http.RequestServices, query, http.RequestAborted), rowLimit, () => isCut = true, http.RequestAborted);
            string? Remark() => isCut ? texts["ExportBrokenOff", rowLimit.ToString("N0", CultureInfo.CurrentCulture)].Value : null;
            http.Response.ContentType = format == "csv" ? "text/csv; charset=utf-8" : MediaTypeNames.Application.Json;
            http.Response.Headers.ContentDisposition = Disposition(fileName, format, time.GetUtcNow());
            http.Response.Headers.CacheControl = "no-store";
            if (format == "csv") await ListExport.WriteCsv(source, chosen, http.Response.Body, http.RequestAborted, Remark);
            else await ListExport.WriteJson(source, chosen, http.Response.Body, http.RequestAborted, Remark);
            if (isCut) ShellLog.ExportTooLong(log, route, rowLimit);
            return TypedResults.Empty;
        }
        finally
        {
            Places.Release();
        }
    });

    internal static string Disposition(string fileName, string format, DateTimeOffset now)
    {
        var header = new ContentDispositionHeaderValue("attachment");
        header.SetHttpFileName($"{fileName}-{now.ToString("yyyy-MM-dd-HHmm", CultureInfo.InvariantCulture)}.{format}");
        return header.ToString();
    }

    private static async IAsyncEnumerable<TRow> Limited<TRow>(IAsyncEnumerable<TRow> rows, int limit, Action cut, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var left = limit;
        await foreach (var row in rows.WithCancellation(cancellation))
        {
            if (left-- == 0)
            {
                cut();
                yield break;
            }
            yield return row;
        }
    }
}
