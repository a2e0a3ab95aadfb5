using BlazorAdmin.Data;
using BlazorAdmin.Features.Jobs.Rules;
using BlazorAdmin.Live;
using BlazorAdmin.Security;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Features.Jobs;

/// <summary>
/// Starts due jobs while the node has free slots, and claims the next ones ahead of time. It wakes when work is announced or
/// a slot becomes free, and looks by itself once a poll interval.
/// </summary>
internal sealed class JobRunner(
    IDbContextFactory<AppDbContext> databases, DatabaseState state, IJobSql sql, JobTypes types, NodeTypes nodes, JobRules rules, NodeInfo node, RunningJobs running, JobExecutor executor,
    JobAcknowledger acknowledger, JobReporter reporter, JobHeartbeat heartbeat, IOptionsMonitor<JobsOptions> options, IOptionsMonitor<MaintenanceOptions> maintenance, Topic<JobChanged> changes, Topic<JobsReady> ready,
    Topic<JobCancelRequested> cancels, Topic<JobRulesChanged> ruleChanges, TimeProvider time, ILogger<JobRunner> log) : BackgroundService
{
    // One claim in five looks first at what has waited too long: urgent work is hardly slower, and nothing waits for ever.
    private const int PatientClaim = 5;

    // While the database does not take the ends of runs, no more are begun than fit the memory.
    private const int MostUnwritten = 5000;

    private static readonly TimeSpan RulesInterval = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LimitedInterval = TimeSpan.FromMilliseconds(100);

    private readonly SemaphoreSlim _wake = new(0, 1);
    private readonly Lock _lock = new();
    private readonly Dictionary<RunningJob, Task> _runs = [];
    private readonly JobBuffer _buffer = new(time);
    private readonly CancellationTokenSource _abandon = new();
    private readonly EngineConnection _connection = new(databases, sql);
    private readonly LimitedClaims _limits = new(sql);
    private Task _acknowledging = Task.CompletedTask;
    private long _rulesReadAt;
    private long _limitedAt;
    private int _claims;
    private volatile bool _rulesChanged = true;
    private volatile bool _stopping;
    private bool _announced;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var announced = ready.Subscribe(_ => Wake(), Wake);
        using var cancelled = cancels.Subscribe(running.Cancel);
        using var maintained = maintenance.OnChange(_ => Wake());
        using var ruled = ruleChanges.Subscribe(_ => ReadRulesSoon(), ReadRulesSoon);
        heartbeat.Beaten += FreeStuckSlots;
        try
        {
            await state.WhenReady(stoppingToken);
            _acknowledging = acknowledger.RunAsync(_abandon.Token);
            await StartHeartbeatAsync(stoppingToken);
            var called = true;
            while (true)
            {
                await ReadRulesAsync(stoppingToken);
                // Nobody called: most looks of an idle node find nothing, and shall cost one statement.
                called = await ClaimAsync(unasked: !called, stoppingToken) || await _wake.WaitAsync(NextPoll(), stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            JobsLog.Stopping(log, running.Count);
        }
        finally
        {
            heartbeat.Beaten -= FreeStuckSlots;
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        _stopping = true;
        await base.StopAsync(cancellationToken);
        await _connection.CloseAsync();
        lock (_lock)
            while (_buffer.Take() is { } job) executor.HandBack(job);
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

    private void ReadRulesSoon()
    {
        _rulesChanged = true;
        Wake();
    }

    private async Task ReadRulesAsync(CancellationToken stopping)
    {
        if (!_rulesChanged && time.GetElapsedTime(_rulesReadAt) < RulesInterval) return;
        _rulesChanged = false;
        try
        {
            await rules.ReadAsync(stopping);
            if (!_announced) await nodes.AnnounceAsync(stopping);
            _announced = true;
            _rulesReadAt = time.GetTimestamp();
        }
        catch (Exception exception) when (!stopping.IsCancellationRequested)
        {
            JobsLog.RulesNotRead(log, exception);
            _rulesChanged = true;
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
            catch (Exception exception) when (!stopping.IsCancellationRequested)
            {
                JobsLog.HeartbeatFailed(log, exception, 0);
                await Task.Delay(TimeSpan.FromSeconds(1), time, stopping);
            }
        }
    }

    /// <returns>True if there may be more to claim at once.</returns>
    private async Task<bool> ClaimAsync(bool unasked, CancellationToken stopping)
    {
        var plan = Plan();
        if (plan.Max == 0) return false;
        try
        {
            var claimed = new List<ClaimedJob>();
            var db = await _connection.OpenAsync(stopping);
            if (unasked && !await sql.MayClaimAsync(db.Database.GetDbConnection(), [.. plan.Free.Concat(plan.LimitedRooms).Select(t => t.Type)], stopping)) return false;
            // A claim that has begun is seen through: cancelled half-way it might be committed and nobody would run it.
            var claim = new JobClaim(node.Name, options.CurrentValue.Lease, plan.Max, plan.Free, ++_claims % PatientClaim == 0 ? TimeSpan.FromMinutes(options.CurrentValue.PatienceMinutes) : null);
            if (plan.Limited.Count > 0) claimed.AddRange(await _limits.ClaimAsync(db, claim with { Types = plan.LimitedRooms }, plan.Limited, CancellationToken.None));
            if (plan.Free.Count > 0 && claimed.Count < plan.Max)
                claimed.AddRange(await sql.ClaimAsync(db.Database.GetDbConnection(), claim with { Max = plan.Max - claimed.Count }, CancellationToken.None));
            Accept(claimed);
            changes.Publish([.. claimed.Select(c => new JobChanged(c.Id, c.Version, JobState.Running))]);
            return claimed.Count > 0;
        }
        catch (Exception exception) when (!stopping.IsCancellationRequested)
        {
            JobsLog.ClaimFailed(log, exception);
            await _connection.CloseAsync();
            return false;
        }
    }

    /// <summary>How many jobs of which types this node should claim now.</summary>
    private ClaimPlan Plan()
    {
        Dictionary<string, int> busy;
        int free, max;
        lock (_lock)
        {
            free = Math.Max(0, FreeSlots() - _buffer.Count);
            var target = _buffer.Target();
            // Half empty before it is filled again: one claim for many jobs.
            max = free == 0 && _buffer.Count > target / 2 ? 0 : free + Math.Max(0, target - _buffer.Count);
            busy = _runs.Keys.Concat(_buffer.Jobs).CountBy(r => r.Type.Name).ToDictionary();
        }

        if (max == 0 || heartbeat.Draining || acknowledger.Waiting > MostUnwritten) return ClaimPlan.Nothing;
        var now = time.GetUtcNow();
        var lookAtLimited = free > 0 || time.GetElapsedTime(_limitedAt) >= LimitedInterval;
        var plan = new ClaimPlan(max, [], [], []);
        var upkeepOnly = maintenance.CurrentValue.ReadOnly;
        foreach (var type in types.All)
        {
            if (upkeepOnly && !type.Rules.Upkeep) continue;
            var rule = rules.Of(type);
            // What may be tried only once is claimed only for a free slot: a node that dies must not fail what it never began.
            var room = rule.MaxAttempts == 1 ? free : max;
            if (type.Rules.MaxConcurrency > 0) room = Math.Min(room, type.Rules.MaxConcurrency - busy.GetValueOrDefault(type.Name));
            if (room <= 0 || rules.PauseOf(type, now) is not null) continue;
            if (!rule.IsLimited)
            {
                plan.Free.Add(new TypeRoom(type.Name, room));
            }
            else if (lookAtLimited)
            {
                plan.Limited.Add(rule);
                // Others could run what waits here for a slot, but not beyond the limit.
                plan.LimitedRooms.Add(new TypeRoom(type.Name, Math.Min(room, Math.Max(free, 1))));
            }
        }

        if (plan.Limited.Count > 0) _limitedAt = time.GetTimestamp();
        return plan;
    }

    private int FreeSlots() => options.CurrentValue.EffectiveSlots - _runs.Keys.Count(r => !r.LostSlot);

    private void Accept(IReadOnlyList<ClaimedJob> claimed)
    {
        foreach (var claim in claimed)
        {
            var job = new RunningJob(claim, rules.Of(types.Find(claim.Type)!), time, reporter);
            running.Add(job);
            lock (_lock) _buffer.Add(job);
        }

        StartNext();
    }

    /// <summary>Gives free slots to the most urgent jobs of the buffer.</summary>
    private void StartNext()
    {
        lock (_lock)
        {
            // A job claimed just before the stop goes back; whoever runs goes on.
            for (var free = _stopping ? 0 : FreeSlots(); free > 0 && _buffer.Take() is { } job; free--)
            {
                // Handlers may block before their first await: each begins on a thread of the pool, not on this loop's.
                _runs[job] = Task.Run(() => RunAsync(job));
            }
        }
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
            bool low;
            lock (_lock)
            {
                _runs.Remove(job);
                _buffer.CountEnd();
                StartNext();
                low = _buffer.Count <= _buffer.Target() / 2;
            }

            if (low) Wake();
        }
    }

    /// <summary>Runs that ignore their cancellation keep their thread, but not the slot: the others must not starve.</summary>
    private void FreeStuckSlots()
    {
        var freed = false;
        lock (_lock)
            foreach (var job in _runs.Keys.Where(r => r.Stuck && !r.LostSlot))
                freed = job.LostSlot = true;
        if (!freed) return;
        StartNext();
        Wake();
    }

    private async Task LetFinishAsync(TimeSpan longest, CancellationToken cancellation)
    {
        Task all;
        lock (_lock) all = Task.WhenAll(_runs.Values);
        if (all.IsCompleted) return;
        await Task.WhenAny(all, Task.Delay(longest, time, cancellation));
    }

    private TimeSpan NextPoll() => TimeSpan.FromMilliseconds(options.CurrentValue.PollMilliseconds * (0.8 + 0.4 * Random.Shared.NextDouble()));

    /// <param name="Max">Most jobs to claim.</param>
    /// <param name="Free">Types that only this node limits.</param>
    /// <param name="Limited">Types with limits on all nodes together.</param>
    private sealed record ClaimPlan(int Max, List<TypeRoom> Free, List<EffectiveRule> Limited, List<TypeRoom> LimitedRooms)
    {
        public static readonly ClaimPlan Nothing = new(0, [], [], []);
    }
}
