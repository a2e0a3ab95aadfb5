using System.Threading.Channels;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Jobs.Following;
using BlazorAdmin.Features.Jobs.Rules;
using BlazorAdmin.Features.Jobs.Statistics;
using BlazorAdmin.Live;
using Microsoft.EntityFrameworkCore.Storage;

namespace BlazorAdmin.Features.Jobs;

/// <summary>
/// Writes how runs ended, many in one commit: whatever came within 5 ms, at most 500. While the database is away the ends
/// wait here and are tried again; none is lost while the process lives.
/// </summary>
internal sealed class JobAcknowledger(
    IDbContextFactory<AppDbContext> databases, IJobSql sql, IDatabaseDialect dialect, RunningJobs running, JobRules rules, JobStatisticsWriter statistics,
    Topic<JobChanged> changes, Topic<JobsReady> ready, TimeProvider time, ILogger<JobAcknowledger> log)
{
    private const int LargestBatch = 500;
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    // What does not look passing may be: a driver in the middle of losing its connection has many words for it.
    private const int MostRefusals = 5;

    private readonly EngineConnection _connection = new(databases, sql);
    private readonly Channel<Ending> _endings = Channel.CreateUnbounded<Ending>(new UnboundedChannelOptions { SingleReader = true });
    private int _waiting;

    /// <summary>Hands over the end of a run; its lease is renewed until it is written.</summary>
    public void End(RunningJob job, RunEnd end)
    {
        job.IsEnding = true;
        Interlocked.Increment(ref _waiting);
        if (!_endings.Writer.TryWrite(new Ending(job, end))) JobsLog.EndNotTaken(log, job.JobId);
    }

    /// <summary>Ends that are not written yet.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>No more runs come; <see cref="RunAsync"/> returns once all are written.</summary>
    public void Complete() => _endings.Writer.TryComplete();

    /// <param name="abandon">Cancelled when the process cannot wait for the database any longer.</param>
    public async Task RunAsync(CancellationToken abandon)
    {
        var batch = new List<Ending>(LargestBatch);
        try
        {
            while (await _endings.Reader.WaitToReadAsync(abandon))
            {
                // Alone on the node there is nobody to wait for.
                if (running.Count > 1) await Task.Delay(Gathering, time, abandon);
                while (batch.Count < LargestBatch && _endings.Reader.TryRead(out var ending)) batch.Add(ending);
                await WriteUntilDoneAsync(batch, abandon);
                Interlocked.Add(ref _waiting, -batch.Count);
                batch.Clear();
            }
        }
        catch (OperationCanceledException) when (abandon.IsCancellationRequested)
        {
            JobsLog.EndsAbandoned(log, batch.Count);
        }
        finally
        {
            await _connection.CloseAsync();
        }
    }

    private async Task WriteUntilDoneAsync(IReadOnlyList<Ending> batch, CancellationToken abandon)
    {
        var refusals = 0;
        for (var pause = TimeSpan.FromMilliseconds(50); ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                await running.Writing.WaitAsync(abandon);
                try
                {
                    await WriteAsync(batch, abandon);
                }
                finally
                {
                    running.Writing.Release();
                }

                return;
            }
            catch (Exception exception) when (!abandon.IsCancellationRequested && dialect.IsTransient(exception))
            {
                JobsLog.EndsDelayed(log, exception, batch.Count);
                await Task.Delay(pause, time, abandon);
            }
            catch (Exception exception) when (!abandon.IsCancellationRequested && batch.Count > 1)
            {
                // One of them is refused: it must not hold back the others.
                JobsLog.EndsRefused(log, exception, batch.Count);
                foreach (var ending in batch) await WriteUntilDoneAsync([ending], abandon);
                return;
            }
            catch (Exception exception) when (!abandon.IsCancellationRequested && ++refusals < MostRefusals)
            {
                JobsLog.EndsDelayed(log, exception, batch.Count);
                await Task.Delay(pause, time, abandon);
            }
            catch (Exception exception) when (!abandon.IsCancellationRequested)
            {
                JobsLog.EndRefused(log, exception, batch[0].Job.JobId);
                running.Remove(batch[0].Job);
                return;
            }
        }
    }

    private async Task WriteAsync(IReadOnlyList<Ending> batch, CancellationToken cancellation)
    {
        foreach (var ending in batch) ending.Report ??= ending.Job.TakeReport();
        var reports = batch.Where(e => e.Report is not null).Select(e => e.Report!).ToList();
        IReadOnlyList<WrittenJob> rows;
        IReadOnlyList<JobChanged> followers;
        try
        {
            var db = await _connection.OpenAsync(cancellation);
            var connection = db.Database.GetDbConnection();
            await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
            var raw = transaction.GetDbTransaction();
            if (reports.Count > 0) await sql.ReportAsync(connection, raw, reports, cancellation);
            rows = await sql.FinishAsync(connection, raw, [.. batch.Select(e => e.End)], cancellation);
            followers = await JobFollowers.EndedAsync(db, rows.Where(r => r.State.IsFinal() && (r.HasFollowers || r.InBatch)).Select(r => r.Id), cancellation);
            await transaction.CommitAsync(cancellation);
        }
        catch
        {
            await _connection.CloseAsync();
            throw;
        }

        var written = rows.ToDictionary(r => r.Token, r => r.State);
        var limited = false;
        foreach (var (job, end) in batch)
        {
            if (written.TryGetValue(job.Claim.Token, out var state)) statistics.Count(job.Claim, end, state);
            else JobsLog.EndTooLate(log, job.JobId, job.Type.Name);
            limited |= rules.Of(job.Type).IsLimited;
            running.Remove(job);
        }

        changes.Publish(rows);
        changes.Publish(followers);
        // A limit that was reached on all nodes has room again, here or elsewhere.
        if (limited || followers.Any(f => f.State == JobState.Queued)) ready.Publish(new JobsReady(""));
    }

    private sealed record Ending(RunningJob Job, RunEnd End)
    {
        public RunReport? Report { get; set; }
    }
}
