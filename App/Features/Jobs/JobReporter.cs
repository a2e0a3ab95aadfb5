using BlazorAdmin.Data;
using BlazorAdmin.Live;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Features.Jobs;

/// <summary>Writes progress and log lines of all runs of the node together, at most once an interval, and tells the viewers.</summary>
internal sealed class JobReporter : IAsyncDisposable
{
    private readonly IDbContextFactory<AppDbContext> _databases;
    private readonly IJobSql _sql;
    private readonly RunningJobs _running;
    private readonly Topic<JobChanged> _changes;
    private readonly Throttle _throttle;

    public JobReporter(
        IDbContextFactory<AppDbContext> databases, IJobSql sql, RunningJobs running, Topic<JobChanged> changes, IOptionsMonitor<JobsOptions> options, TimeProvider time, ILogger<JobReporter> log)
    {
        _databases = databases;
        _sql = sql;
        _running = running;
        _changes = changes;
        _throttle = new Throttle(TimeSpan.FromMilliseconds(options.CurrentValue.ReportMilliseconds), FlushAsync, time, exception => JobsLog.ReportsDelayed(log, exception));
    }

    /// <summary>Something of <paramref name="job"/> waits to be written. Cheap; called by handlers.</summary>
    public void Signal(RunningJob job)
    {
        if (!job.IsEnding) _throttle.Signal();
    }

    /// <summary>Writes a handler's cursor at once, in the transaction of <paramref name="handlers"/> if it brings one.</summary>
    /// <returns>False if the run does not hold its job any more.</returns>
    public async Task<bool> SaveCursorAsync(RunningJob job, string cursor, AppDbContext? handlers, CancellationToken cancellation)
    {
        var (id, token) = (job.JobId, job.Claim.Token);
        if (handlers is not null) return await WriteAsync(handlers);
        await using var db = await _databases.CreateDbContextAsync(cancellation);
        return await WriteAsync(db);

        async Task<bool> WriteAsync(AppDbContext db) =>
            await db.Set<Job>().Where(j => j.Id == id && j.Token == token && j.State == JobState.Running).ExecuteUpdateAsync(set => set.SetProperty(j => j.Cursor, cursor), cancellation) == 1;
    }

    public ValueTask DisposeAsync() => _throttle.DisposeAsync();

    private async Task FlushAsync(CancellationToken cancellation)
    {
        await _running.Writing.WaitAsync(cancellation);
        try
        {
            await WriteAsync(cancellation);
        }
        finally
        {
            _running.Writing.Release();
        }
    }

    private async Task WriteAsync(CancellationToken cancellation)
    {
        var taken = new List<(RunningJob Job, RunReport Report)>();
        foreach (var job in _running.All)
            if (!job.IsEnding && job.TakeReport() is { } report)
                taken.Add((job, report));
        if (taken.Count == 0) return;
        IReadOnlyList<WrittenJob> rows;
        try
        {
            await using var db = await _databases.CreateDbContextAsync(cancellation);
            var connection = db.Database.GetDbConnection();
            await connection.OpenAsync(cancellation);
            rows = await _sql.ReportAsync(connection, null, [.. taken.Select(t => t.Report)], cancellation);
        }
        catch
        {
            foreach (var (job, report) in taken) job.Restore(report);
            _throttle.Signal();
            throw;
        }

        var held = rows.Select(r => r.Token).ToHashSet();
        foreach (var (job, _) in taken)
            if (!held.Contains(job.Claim.Token) && !job.IsEnding)
                job.Stop(StopReason.LeaseLost);
        _changes.Publish(rows);
    }
}
