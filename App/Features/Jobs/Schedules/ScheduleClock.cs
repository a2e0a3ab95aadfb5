using System.Collections.Concurrent;
using System.Threading.Channels;
using BlazorAdmin.Data;
using BlazorAdmin.Live;
using Quartz;

namespace BlazorAdmin.Features.Jobs.Schedules;

/// <summary>
/// Wakes at the schedules' next occurrences, on the database's clock. The scheduler keeps nothing but these alarms: what is
/// due then, <see cref="ScheduleTicks"/> decides. A sweep now and then finds what no alarm brought (start, lost connection,
/// change of rules elsewhere).
/// </summary>
internal sealed class ScheduleClock(
    ISchedulerFactory schedulers, ScheduleBook book, ScheduleTicks ticks, DatabaseClock clock, Topic<ScheduleChanged> changes, DatabaseState state, ILogger<ScheduleClock> log) : BackgroundService
{
    private static readonly TimeSpan Net = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Lost = TimeSpan.FromSeconds(10);
    private const int MostAtOnce = 100;
    private const int MostAside = 8;
    private static readonly JobKey Alarm = new("tick");

    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly ConcurrentDictionary<string, DateTimeOffset> _armed = new();
    private readonly HashSet<(string, string)> _told = [];
    private readonly Channel<string> _rung = Channel.CreateUnbounded<string>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Lock _arming = new();
    private readonly SemaphoreSlim _few = new(MostAside);
    private Task _aside = Task.CompletedTask;
    private IScheduler? _scheduler;
    private long _alarms;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await state.WhenReady(stoppingToken);
            _scheduler = await schedulers.GetScheduler(stoppingToken);
            await _scheduler.AddJob(JobBuilder.Create<TickJob>().WithIdentity(Alarm).StoreDurably().Build(), cancellationToken: stoppingToken);
            await _scheduler.Start(stoppingToken);
            using var listening = changes.Subscribe(change => { if (change.Rules) Wake(); }, Wake);
            try
            {
                await Task.WhenAll(FireRungAsync(stoppingToken), SweepAlwaysAsync(stoppingToken));
            }
            finally
            {
                await _aside;
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return; // the portal stops
        }
    }

    private async Task SweepAlwaysAsync(CancellationToken cancellation)
    {
        while (true)
        {
            var wait = Net;
            try
            {
                await SweepAsync(cancellation);
            }
            catch (Exception exception) when (!cancellation.IsCancellationRequested)
            {
                SchedulesLog.ReadFailed(log, exception);
                wait = AfterFailure;
            }

            await WaitAsync(wait, cancellation);
        }
    }

    /// <summary>Reads the schedules, handles what is due, and sets the alarms.</summary>
    internal async Task SweepAsync(CancellationToken cancellation)
    {
        await book.ReadAsync(cancellation);
        foreach (var broken in book.All.Where(s => s.Problem is not null && _told.Add((s.Name, s.Problem)))) SchedulesLog.CannotFire(log, broken.Name, broken.Problem!);
        foreach (var name in await ticks.OverdueAsync(cancellation)) await FireAsync(name, cancellation);
        var now = clock.GetUtcNow();
        foreach (var schedule in book.All) await ArmAsync(schedule.Name, schedule.Occurrences?.Next(now), cancellation);
    }

    /// <summary>An alarm rang. One that was handled with another's needs nothing more.</summary>
    internal void Ring(string name, DateTimeOffset dueAt)
    {
        if (_armed.TryRemove(KeyValuePair.Create(name, dueAt))) _rung.Writer.TryWrite(name);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (_scheduler is not null) await _scheduler.Shutdown(waitForJobsToComplete: true, cancellationToken);
    }

    public override void Dispose()
    {
        base.Dispose();
        _few.Dispose();
    }

    /// <summary>Whatever is due at the same moment is one transaction, also what has not rung yet: alarms of one moment ring one after the other.</summary>
    private async Task FireRungAsync(CancellationToken cancellation)
    {
        while (await _rung.Reader.WaitToReadAsync(cancellation))
        {
            var names = new HashSet<string>();
            while (names.Count < MostAtOnce && _rung.Reader.TryRead(out var name)) names.Add(name);
            var now = clock.GetUtcNow();
            foreach (var alarm in _armed)
            {
                if (names.Count >= MostAtOnce) break;
                if (alarm.Value <= now && _armed.TryRemove(alarm)) names.Add(alarm.Key);
            }

            try
            {
                var next = await ticks.HandleAsync([.. names], cancellation);
                foreach (var name in names)
                    await ArmAsync(name, next.TryGetValue(name, out var at) ? at : book.Find(name)?.Occurrences?.Next(clock.GetUtcNow()), cancellation);
            }
            catch (Exception exception) when (!cancellation.IsCancellationRequested)
            {
                SchedulesLog.FiredOneByOne(log, exception, names.Count);
                // One of them may be at fault: neither the others nor what rings meanwhile must wait for it.
                _aside = Task.WhenAll([_aside, .. names.Select(name => FireAsideAsync(name, cancellation))]);
            }
        }
    }

    private async Task FireAsideAsync(string name, CancellationToken cancellation)
    {
        await _few.WaitAsync(cancellation);
        try
        {
            await FireAsync(name, cancellation);
        }
        finally
        {
            _few.Release();
        }
    }

    private async Task FireAsync(string name, CancellationToken cancellation)
    {
        try
        {
            await ArmAsync(name, await ticks.HandleAsync(name, cancellation), cancellation);
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            // The mark stands where it stood: the next sweep finds it due.
            SchedulesLog.FireFailed(log, exception, name);
        }
    }

    private async Task ArmAsync(string name, DateTimeOffset? next, CancellationToken cancellation)
    {
        if (_scheduler is null || next is not { } dueAt) return;
        var now = clock.GetUtcNow();
        // An alarm that is still set for an earlier time does no harm: nothing is due then, and it sets the right one.
        lock (_arming)
        {
            if (_armed.TryGetValue(name, out var armed) && armed <= dueAt && armed > now - Lost) return;
            _armed[name] = dueAt;
        }

        var trigger = TriggerBuilder.Create().WithIdentity($"{name}#{Interlocked.Increment(ref _alarms)}").ForJob(Alarm)
            .UsingJobData(TickJob.Schedule, name).UsingJobData(TickJob.DueTicks, dueAt.UtcTicks).StartAt(dueAt > now ? dueAt : now).Build();
        await _scheduler.ScheduleJob(trigger, cancellationToken: cancellation);
    }

    private void Wake() => _wake.Writer.TryWrite(true);

    private async Task WaitAsync(TimeSpan limit, CancellationToken cancellation)
    {
        using var timeout = new CancellationTokenSource(limit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, timeout.Token);
        try
        {
            await _wake.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return; // nobody called: the net
        }
    }
}

/// <summary>What the scheduler runs when an alarm rings.</summary>
internal sealed class TickJob(ScheduleClock clock) : IJob
{
    public const string Schedule = "schedule";
    public const string DueTicks = "due";

    public ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        clock.Ring(context.MergedJobDataMap.GetString(Schedule)!, new DateTimeOffset(context.MergedJobDataMap.GetLong(DueTicks), TimeSpan.Zero));
        return ValueTask.CompletedTask;
    }
}
