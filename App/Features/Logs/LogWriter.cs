using System.Text;
using System.Threading.Channels;
using BlazorAdmin.Data;
using BlazorAdmin.Live;

namespace BlazorAdmin.Features.Logs;

/// <summary>
/// Writes what waits in <see cref="LogQueue"/>, many lines in one statement, twice a second. While the database is away it keeps one
/// batch and tries again ever more slowly; the queue bounds the rest.
/// </summary>
public sealed class LogWriter(IDbContextFactory<AppDbContext> databases, IDatabaseDialect dialect, DatabaseState database, LogQueue queue, Topic<LogsWritten> written, TimeProvider time, ILogger<LogWriter> log)
    : BackgroundService
{
    private const int Batch = 500;

    // Finds several refused rows in a batch, and ends soon where the database refuses all of them.
    private const int MostSplits = 100;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(3);

    private readonly List<LogEntry> _entries = [];
    private readonly List<TraceSpan> _spans = [];
    private readonly SemaphoreSlim _writing = new(1, 1);
    private TimeSpan _wait;
    private long _failedAt;
    private int _splits;
    private int _refused;
    private Exception? _refusal;

    /// <summary>True while the database does not take the log.</summary>
    public bool IsFailing => _wait > TimeSpan.Zero;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await database.WhenReady(stoppingToken);
            using var timer = new PeriodicTimer(Interval, time);
            while (await timer.WaitForNextTickAsync(stoppingToken))
                if (!IsFailing || time.GetElapsedTime(_failedAt) >= _wait)
                    await FlushAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return; // StopAsync writes the last lines
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        Exception? reason = null;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(LastWords);
        try
        {
            if (database.IsReady && !IsFailing) await FlushAsync(patience.Token);
        }
        catch (Exception exception) when (patience.IsCancellationRequested)
        {
            reason = exception; // or what a driver makes of it
        }

        CountLost(reason);
    }

    private void CountLost(Exception? reason)
    {
        var (lines, spans) = (_entries.Count + queue.Entries.Count, _spans.Count + queue.Spans.Count);
        if (lines + spans == 0) return;
        queue.CountDropped(lines);
        queue.CountDroppedSpans(spans);
        LogsLog.LostAtStop(log, reason, lines, spans);
    }

    public override void Dispose()
    {
        _writing.Dispose();
        base.Dispose();
    }

    /// <summary>Writes everything that waits now.</summary>
    internal async Task FlushAsync(CancellationToken cancellation)
    {
        await _writing.WaitAsync(cancellation);
        var lines = 0;
        try
        {
            while (true)
            {
                Take(queue.Entries, _entries);
                Take(queue.Spans, _spans);
                if (_entries.Count + _spans.Count == 0) break;
                var count = _entries.Count;
                // Apart: lines must not be lost for a step of a trace that the database refuses.
                if (!await TryWriteAsync(_entries, queue.CountDropped, cancellation)) break;
                lines += count;
                if (!await TryWriteAsync(_spans, queue.CountDroppedSpans, cancellation)) break;
            }
        }
        finally
        {
            _writing.Release();
        }

        if (lines > 0) written.Publish(new LogsWritten(lines));
    }

    private static void Take<T>(ChannelReader<T> from, List<T> batch)
    {
        while (batch.Count < Batch && from.TryRead(out var item)) batch.Add(item);
    }

    /// <returns>False if the database is away; what it has not taken stays in <paramref name="batch"/>.</returns>
    private async Task<bool> TryWriteAsync<T>(List<T> batch, Action<int> countLost, CancellationToken cancellation) where T : class
    {
        (_splits, _refused, _refusal) = (0, 0, null);
        try
        {
            return await TryPartAsync(batch, cancellation);
        }
        finally
        {
            if (_refusal is { } refusal)
            {
                countLost(_refused);
                LogsLog.Refused(log, refusal, _refused);
            }
        }
    }

    private async Task<bool> TryPartAsync<T>(List<T> batch, CancellationToken cancellation) where T : class
    {
        if (batch.Count == 0) return true;
        try
        {
            await WriteAsync(batch, cancellation);
            queue.CountWritten(batch.OfType<LogEntry>().Count());
            batch.Clear();
            if (!IsFailing) return true;
            _wait = TimeSpan.Zero;
            LogsLog.WriteRecovered(log, queue.Dropped);
            return true;
        }
        catch (Exception exception) when (exception is DbUpdateException or EncoderFallbackException && !dialect.IsTransient(exception) && !cancellation.IsCancellationRequested)
        {
            if (batch.Count > 1 && ++_splits <= MostSplits) return await TryHalvesAsync(batch, cancellation);
            // The database does not want this one: tried again it would hold up all others for ever.
            _refused += batch.Count;
            _refusal ??= exception;
            batch.Clear();
            return true;
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            if (!IsFailing) LogsLog.WriteFailed(log, exception, LogQueue.Length);
            _wait = IsFailing ? TimeSpan.FromTicks(Math.Min(_wait.Ticks * 2, LongestWait.Ticks)) : Interval;
            _failedAt = time.GetTimestamp();
            return false;
        }
    }

    private async Task<bool> TryHalvesAsync<T>(List<T> batch, CancellationToken cancellation) where T : class
    {
        var half = batch.Count / 2;
        var second = batch.GetRange(half, batch.Count - half);
        batch.RemoveRange(half, batch.Count - half);
        try
        {
            return await TryPartAsync(batch, cancellation) && await TryPartAsync(second, cancellation);
        }
        finally
        {
            batch.AddRange(second);
        }
    }

    private async Task WriteAsync<T>(List<T> batch, CancellationToken cancellation) where T : class
    {
        LogQueue.Silence();
        await using var db = await databases.CreateDbContextAsync(cancellation);
        db.ChangeTracker.AutoDetectChangesEnabled = false;
        try
        {
            db.AddRange(batch);
        }
        catch (InvalidOperationException exception)
        {
            throw new DbUpdateException("Two rows of one batch have the same key.", exception);
        }

        try
        {
            await db.SaveChangesAsync(cancellation);
        }
        catch
        {
            // A number given by a statement that was rolled back would be taken for the line's own at the next try.
            foreach (var entry in batch.OfType<LogEntry>()) entry.Id = 0;
            throw;
        }
    }
}
