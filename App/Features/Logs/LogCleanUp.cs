using BlazorAdmin.Data;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Features.Logs;

/// <summary>Deletes old lines and traces in small batches, once an hour.</summary>
public sealed class LogCleanUp(IDbContextFactory<AppDbContext> databases, DatabaseState database, IOptionsMonitor<LogsOptions> options, TimeProvider time, ILogger<LogCleanUp> log)
    : PeriodicService(database, TimeSpan.FromHours(1), time)
{
    private const int Batch = 2_000;

    protected override async Task TickAsync(CancellationToken cancellation)
    {
        var (lines, spans) = (await DeleteLinesAsync(cancellation), await DeleteSpansAsync(cancellation));
        if (lines + spans > 0) LogsLog.CleanedUp(log, lines, spans);
    }

    protected override void Report(Exception exception) => LogsLog.CleanUpFailed(log, exception);

    internal async Task<int> DeleteLinesAsync(CancellationToken cancellation)
    {
        var oldest = Time.GetUtcNow().AddDays(-options.CurrentValue.RetentionDays);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var entries = db.Set<LogEntry>();
        var total = 0;
        while (true)
        {
            var ids = await entries.Where(e => e.At < oldest).OrderBy(e => e.At).Select(e => e.Id).Take(Batch).ToListAsync(cancellation);
            if (ids.Count > 0) total += await entries.Where(e => ids.Contains(e.Id)).ExecuteDeleteAsync(cancellation);
            if (ids.Count < Batch) break;
        }

        // Numbers have few gaps, so what lies this far below the newest is more than the limit; nothing is counted.
        var last = await entries.OrderByDescending(e => e.Id).Select(e => e.Id).FirstOrDefaultAsync(cancellation);
        var first = last - options.CurrentValue.MostRows;
        while (first > 0)
        {
            var ids = await entries.Where(e => e.Id <= first).OrderBy(e => e.Id).Select(e => e.Id).Take(Batch).ToListAsync(cancellation);
            if (ids.Count > 0) total += await entries.Where(e => ids.Contains(e.Id)).ExecuteDeleteAsync(cancellation);
            if (ids.Count < Batch) break;
        }

        return total;
    }

    internal async Task<int> DeleteSpansAsync(CancellationToken cancellation)
    {
        var oldest = Time.GetUtcNow().AddDays(-options.CurrentValue.TraceRetentionDays);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var total = 0;
        while (true)
        {
            var until = await db.Set<TraceSpan>().Where(s => s.StartedAt < oldest).OrderBy(s => s.StartedAt).Select(s => s.StartedAt).Take(Batch).ToListAsync(cancellation);
            if (until.Count == 0) return total;
            var last = until[^1];
            total += await db.Set<TraceSpan>().Where(s => s.StartedAt <= last).ExecuteDeleteAsync(cancellation);
            if (until.Count < Batch) return total;
        }
    }
}
