namespace BlazorAdmin.Data;

/// <summary>
/// Does something at an interval, on every node, once the database is there: its work must find nothing left after another
/// node has done it. A turn that fails is reported and the next one tries again.
/// </summary>
public abstract class PeriodicService(DatabaseState database, TimeSpan interval, TimeProvider time) : BackgroundService
{
    protected TimeProvider Time => time;

    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await database.WhenReady(stoppingToken);
            using var timer = new PeriodicTimer(interval, time);
            do await TurnAsync(stoppingToken);
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return; // the next start goes on
        }
    }

    /// <summary>One turn.</summary>
    protected abstract Task TickAsync(CancellationToken cancellation);

    /// <summary>Writes to the log that a turn failed.</summary>
    protected abstract void Report(Exception exception);

    private async Task TurnAsync(CancellationToken cancellation)
    {
        try
        {
            await TickAsync(cancellation);
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            Report(exception);
        }
    }
}
