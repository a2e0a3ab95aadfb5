using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using BlazorAdmin.Data;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Jobs.Details;

/// <summary>The whole log of a job as text, streamed: <c>/admin/jobs/{id}/log.txt?level=Warning</c>.</summary>
public sealed class JobLogDownload(Guard guard, IDbContextFactory<AppDbContext> databases)
{
    private const int BatchSize = 2000;

    /// <returns>The lines, oldest first; null if there is no such job for the caller.</returns>
    public async Task<IAsyncEnumerable<JobLogLine>?> OpenAsync(long id, LogLevel least, CancellationToken cancellation = default)
    {
        var caller = await guard.Require(JobsPermissions.Read, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await db.Set<Job>().AnyAsync(j => j.Id == id && j.TenantId == caller.TenantId, cancellation) ? LinesAsync(id, least, cancellation) : null;
    }

    private async IAsyncEnumerable<JobLogLine> LinesAsync(long id, LogLevel least, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var after = 0L;
        while (await db.Set<JobLogLine>().AsNoTracking().Where(l => l.JobId == id && l.Id > after).OrderBy(l => l.Id).Take(BatchSize).ToListAsync(cancellation) is { Count: > 0 } lines)
        {
            foreach (var line in lines.Where(l => l.Level >= least)) yield return line;
            after = lines[^1].Id;
        }
    }

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/admin/jobs/{id:long}/log.txt", async (long id, string? level, JobLogDownload download, HttpContext http, CancellationToken cancellation) =>
    {
        var least = Enum.TryParse<LogLevel>(level, ignoreCase: true, out var asked) && Enum.IsDefined(asked) ? asked : LogLevel.Trace;
        if (await download.OpenAsync(id, least, cancellation) is not { } lines)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        http.Response.ContentType = "text/plain; charset=utf-8";
        http.Response.Headers.ContentDisposition = $"attachment; filename=\"job-{id.ToString(CultureInfo.InvariantCulture)}.txt\"";
        http.Response.Headers.CacheControl = "no-store";
        await using var writer = new StreamWriter(http.Response.Body, new UTF8Encoding(false), leaveOpen: true);
        await foreach (var line in lines) await writer.WriteAsync(Line(line).AsMemory(), cancellation);
    }).RequireAuthorization(JobsPermissions.Read);

    private static string Line(JobLogLine line) =>
        string.Create(CultureInfo.InvariantCulture, $"{line.At.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffZ} {JobLook.Word(line.Level),-5} [{line.Attempt}] {line.Message.ReplaceLineEndings("\n    ")}\n");
}
