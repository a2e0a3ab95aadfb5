using BlazorAdmin.Data;
using Quartz;

namespace BlazorAdmin.Features.Jobs.Schedules;

/// <summary>Fires the schedules of this process. The scheduler keeps nothing: what was fired stands in the database.</summary>
internal sealed class ScheduleClock(ISchedulerFactory schedulers, ScheduleRegistry schedules, DatabaseState state) : BackgroundService
{
    private IScheduler? _scheduler;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await state.WhenReady(stoppingToken);
            _scheduler = await schedulers.GetScheduler(stoppingToken);
            foreach (var schedule in schedules.All)
            {
                var job = JobBuilder.Create<TickJob>().WithIdentity(schedule.Name).Build();
                var trigger = TriggerBuilder.Create().WithIdentity(schedule.Name).ForJob(job)
                    .WithCronSchedule(schedule.Cron, cron => cron.InTimeZone(schedule.TimeZone)).Build();
                await _scheduler.ScheduleJob(job, trigger, cancellationToken: stoppingToken);
            }

            await _scheduler.Start(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return; // stopped before the database was ready
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (_scheduler is not null) await _scheduler.Shutdown(waitForJobsToComplete: true, cancellationToken);
    }
}

/// <summary>What the scheduler runs at a tick.</summary>
internal sealed class TickJob(ScheduleRegistry schedules, ScheduleTicks ticks) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        var dueAt = context.ScheduledFireTimeUtc ?? context.FireTimeUtc;
        if (schedules.Find(context.JobDetail.Key.Name) is { } schedule) await ticks.TickAsync(schedule, dueAt, cancellationToken);
    }
}
