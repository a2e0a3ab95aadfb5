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
    private static readonly JobKey Alarm = new("tick");

    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly ConcurrentDictionary<string, DateTimeOffset> _armed = new();
    private readonly HashSet<(string, string)> _told = [];
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
            while (true)
            {
                var wait = Net;
                try
                {
                    await SweepAsync(stoppingToken);
                }
                catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
                {
                    SchedulesLog.ReadFailed(log, exception);
                    wait = AfterFailure;
                }

                await WaitAsync(wait, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return; // the portal stops
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

    /// <summary>An alarm rang.</summary>
    internal async Task RingAsync(string name, DateTimeOffset dueAt, CancellationToken cancellation)
    {
        _armed.TryRemove(KeyValuePair.Create(name, dueAt));
        await FireAsync(name, cancellation);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (_scheduler is not null) await _scheduler.Shutdown(waitForJobsToComplete: true, cancellationToken);
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
        if (_armed.TryGetValue(name, out var armed) && armed <= dueAt && armed > now - Lost) return;
        _armed[name] = dueAt;
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

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken) =>
        await clock.RingAsync(context.MergedJobDataMap.GetString(Schedule)!, new DateTimeOffset(context.MergedJobDataMap.GetLong(DueTicks), TimeSpan.Zero), cancellationToken);
}
