using BlazorAdmin.Data;

namespace BlazorAdmin.Features.Checklist;

/// <summary>Looks now and then, so that the card comes back when something that was done is open again, a backup too old for one.</summary>
public sealed class ChecklistWatch(ChecklistMeasure measure, DatabaseState database, TimeProvider time, ILogger<ChecklistWatch> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(15);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await database.WhenReady(stoppingToken);
            using var timer = new PeriodicTimer(Interval, time);
            do await TickAsync(stoppingToken);
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The portal stops.
        }
    }

    private async Task TickAsync(CancellationToken cancellation)
    {
        try
        {
            await measure.RowsAsync(AppDbContext.DefaultTenant, null, cancellation);
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            ChecklistLog.WatchFailed(log, exception);
        }
    }
}
