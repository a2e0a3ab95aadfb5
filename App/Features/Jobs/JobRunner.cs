using BlazorAdmin.Data;
using BlazorAdmin.Live;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Features.Jobs;

/// <summary>
/// Claims due jobs while the node has free slots and starts them. It wakes when work is announced or a slot becomes free,
/// and looks by itself once a poll interval.
/// </summary>
internal sealed class JobRunner(
    IDbContextFactory<AppDbContext> databases, DatabaseState state, IJobSql sql, JobTypes types, NodeInfo node, RunningJobs running, JobExecutor executor, JobAcknowledger acknowledger,
    JobReporter reporter, JobHeartbeat heartbeat, IOptionsMonitor<JobsOptions> options, Topic<JobChanged> changes, Topic<JobsReady> ready, Topic<JobCancelRequested> cancels,
    TimeProvider time, ILogger<JobRunner> log) : BackgroundService
{
    private readonly SemaphoreSlim _wake = new(0, 1);
    private readonly Lock _lock = new();
    private readonly Dictionary<RunningJob, Task> _runs = [];
    private readonly CancellationTokenSource _abandon = new();
    private Task _acknowledging = Task.CompletedTask;
    private AppDbContext? _claims;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var announced = ready.Subscribe(_ => Wake(), Wake);
        using var cancelled = cancels.Subscribe(running.Cancel);
        try
        {
            await state.WhenReady(stoppingToken);
            _acknowledging = acknowledger.RunAsync(_abandon.Token);
            await StartHeartbeatAsync(stoppingToken);
            while (true)
            {
                var more = await ClaimAsync(stoppingToken);
                if (!more) await _wake.WaitAsync(NextPoll(), stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            JobsLog.Stopping(log, running.Count);
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (_claims is not null) await _claims.DisposeAsync();
        await LetFinishAsync(TimeSpan.FromSeconds(options.CurrentValue.ShutdownSeconds), cancellationToken);
        lock (_lock)
            foreach (var job in _runs.Keys) job.Stop(StopReason.ShuttingDown);
        await LetFinishAsync(TimeSpan.FromSeconds(5), cancellationToken);
        acknowledger.Complete();
        // What cannot be written now is taken back by the others when the lease ends.
        _abandon.CancelAfter(TimeSpan.FromSeconds(5));
        await _acknowledging;
        await Task.Run(heartbeat.Stop, CancellationToken.None);
    }

    public override void Dispose()
    {
        _claims?.Dispose();
        _abandon.Dispose();
        _wake.Dispose();
        base.Dispose();
    }

    private void Wake()
    {
        try
        {
            _wake.Release();
        }
        catch (Exception exception) when (exception is SemaphoreFullException or ObjectDisposedException)
        {
            return; // it is awake already, or gone while a run that ignored its cancellation ended
        }
    }

    private async Task StartHeartbeatAsync(CancellationToken stopping)
    {
        while (true)
        {
            try
            {
                // Blocks on the database by design; off the starting thread.
                await Task.Run(heartbeat.Start, stopping);
                return;
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                JobsLog.HeartbeatFailed(log, exception, 0);
                await Task.Delay(TimeSpan.FromSeconds(1), time, stopping);
            }
        }
    }

    /// <returns>True if there may be more to claim at once.</returns>
    private async Task<bool> ClaimAsync(CancellationToken stopping)
    {
        var rooms = Rooms(out var free);
        if (rooms.Count == 0) return false;
        try
        {
            // One connection stays open for claims: taking it from the pool each time would cost a second round trip.
            _claims ??= await databases.CreateDbContextAsync(stopping);
            var connection = _claims.Database.GetDbConnection();
            if (connection.State != System.Data.ConnectionState.Open) await connection.OpenAsync(stopping);
            // A claim that has begun is seen through: cancelled half-way it might be committed and nobody would run it.
            var claimed = await sql.ClaimAsync(connection, new JobClaim(node.Name, options.CurrentValue.Lease, free, rooms), CancellationToken.None);
            foreach (var claim in claimed) Start(claim);
            changes.Publish([.. claimed.Select(c => new JobChanged(c.Id, c.Version, JobState.Running))]);
            return claimed.Count > 0;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            JobsLog.ClaimFailed(log, exception);
            if (_claims is not null) await _claims.DisposeAsync();
            _claims = null;
            return false;
        }
    }

    private List<TypeRoom> Rooms(out int free)
    {
        Dictionary<string, int> busy;
        int slots;
        lock (_lock)
        {
            slots = options.CurrentValue.EffectiveSlots - _runs.Count;
            busy = _runs.Keys.CountBy(r => r.Type.Name).ToDictionary();
        }

        free = slots;
        if (slots <= 0) return [];
        return [.. types.All
            .Select(t => new TypeRoom(t.Name, t.Rules.MaxConcurrency == 0 ? slots : Math.Min(slots, t.Rules.MaxConcurrency - busy.GetValueOrDefault(t.Name))))
            .Where(r => r.Room > 0)];
    }

    private void Start(ClaimedJob claim)
    {
        var job = new RunningJob(claim, types.Find(claim.Type)!, time, reporter.Signal);
        running.Add(job);
        // Handlers may block before their first await: each begins on a thread of the pool, not on this loop's.
        lock (_lock) _runs[job] = Task.Run(() => RunAsync(job));
    }

    private async Task RunAsync(RunningJob job)
    {
        try
        {
            await executor.RunAsync(job);
        }
        catch (Exception exception)
        {
            JobsLog.EngineFailed(log, exception, job.JobId);
            running.Remove(job);
        }
        finally
        {
            lock (_lock) _runs.Remove(job);
            Wake();
        }
    }

    private async Task LetFinishAsync(TimeSpan longest, CancellationToken cancellation)
    {
        Task all;
        lock (_lock) all = Task.WhenAll(_runs.Values);
        if (all.IsCompleted) return;
        await Task.WhenAny(all, Task.Delay(longest, time, cancellation));
    }

    private TimeSpan NextPoll() => TimeSpan.FromMilliseconds(options.CurrentValue.PollMilliseconds * (0.8 + 0.4 * Random.Shared.NextDouble()));
}
