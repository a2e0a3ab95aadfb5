using BlazorAdmin.Data;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Features.Monitor.Store;

/// <summary>
/// Takes samples from the ring into the journal once a second, and minutes from the journal into the database, in two loops of their
/// own: the collector waits for neither, and the journal grows while the database is away. What an earlier run left is sealed first.
/// </summary>
internal sealed class MetricStoreWriter(
    TickBroadcaster broadcaster, MetricJournal journal, MetricSealer sealer, MetricCleanup cleanup, MetricStoreState state, DatabaseState database,
    IDatabaseDialect dialect, IOptionsMonitor<MonitorOptions> options, TimeProvider time, ILogger<MetricStoreWriter> logger) : BackgroundService
{
    private const int RowsAtOnce = 64;

    /// <summary>Also the longest time that a killed process loses.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>How long after a minute its last sample may come.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    /// <summary>How long the database may refuse a minute, for a reason that waiting seldom mends, before the next ones get their turn.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromHours(1);

    private static readonly TimeSpan CleanUpEvery = TimeSpan.FromHours(1);

    private readonly double[] _times = new double[RowsAtOnce];
    private readonly HashSet<string> _left = [];
    private float[] _values = [];
    private long _next = 1;
    private long _cleaned;
    private long _refusing;
    private bool _journalFailing;

    /// <summary>Takes note of what the run before left; comes before the first sample is written.</summary>
    internal void Begin()
    {
        var files = journal.Files();
        if (files.Count == 0) return;
        foreach (var file in files.SkipLast(1)) _left.Add(MetricJournal.NameOf(file));
        // Counted now: new samples may follow in the same file.
        var last = JournalReader.Read(files[^1].Path, files[^1].Minute);
        state.CountRecovered(last.Samples.Times.Length);
        if (last.EndedInOrder || last.Samples.Times.Length == 0) return;
        state.InterruptedAt = MetricLevels.At(last.Samples.Times[^1]);
        logger.Interrupted(state.InterruptedAt.Value);
    }

    /// <summary>Writes every new sample of the ring to the journal.</summary>
    internal void Pump()
    {
        try
        {
            var catalog = broadcaster.Catalog;
            if (catalog.Width > 0) Append(catalog);
            journal.CloseBefore((time.GetUtcNow() - Grace).ToUnixTimeMilliseconds());
            if (_journalFailing) logger.JournalAgain();
            _journalFailing = false;
        }
        catch (Exception error)
        {
            if (!_journalFailing) logger.JournalFailed(error);
            _journalFailing = true;
            state.Problem = error.Message;
        }
    }

    /// <summary>Writes every minute that is over to the database, oldest first.</summary>
    internal async Task SealAsync(CancellationToken cancellation)
    {
        Look();
        while (journal.Take((time.GetUtcNow() - Grace).ToUnixTimeMilliseconds()) is { } file)
        {
            if (!await TrySealAsync(file, cancellation)) return;
            Look();
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        Attempt(Begin);
        await Task.WhenAll(PumpLoop(stoppingToken), SealLoop(stoppingToken));
        Pump();
        Attempt(journal.Finish);
    }

    private void Attempt(Action action)
    {
        try
        {
            action();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            logger.JournalFailed(error);
        }
    }

    private async Task PumpLoop(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            do Pump();
            while (await timer.WaitForNextTickAsync(stop));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The last samples are written after both loops.
        }
    }

    private async Task SealLoop(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            await database.WhenReady(stop);
            do await TickAsync(stop);
            while (await timer.WaitForNextTickAsync(stop));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // What is not sealed stays in the journal for the next start.
        }
    }

    private async Task TickAsync(CancellationToken stop)
    {
        try
        {
            await SealAsync(stop);
            await CleanUpAsync(stop);
        }
        catch (Exception error) when (!stop.IsCancellationRequested)
        {
            Explain(error);
        }
    }

    private void Append(MetricCatalog catalog)
    {
        if (_values.Length < RowsAtOnce * catalog.Width) _values = new float[RowsAtOnce * catalog.Width];
        while (true)
        {
            var (first, count) = broadcaster.Ring.Read(_next, catalog.Width, _times, _values.AsSpan(0, RowsAtOnce * catalog.Width));
            if (count == 0) return;
            if (first > _next) Lose(first - _next, "the journal could not be written for longer than the memory lasts");
            _next = first;
            journal.Append(catalog, _times.AsSpan(0, count), _values.AsSpan(0, count * catalog.Width));
            _next = first + count;
        }
    }

    private async Task<bool> TrySealAsync(JournalFile file, CancellationToken cancellation)
    {
        JournalContent? content = null;
        var samples = 0;
        try
        {
            // A file that cannot be read must not hold up the others either.
            content = JournalReader.Read(file.Path, file.Minute);
            samples = content.Samples.Times.Length;
            var merged = await sealer.SealAsync(content.Samples, cancellation);
            MetricJournal.Done(file);
            state.Sealed(file.Minute, merged);
        }
        catch (Exception error) when (!cancellation.IsCancellationRequested)
        {
            Explain(error);
            // A database that is away may stay away for as long as the disk has room; a minute that it refuses must not hold up the others for good.
            if (_refusing == 0) _refusing = time.GetTimestamp();
            if (dialect.IsTransient(error) || time.GetElapsedTime(_refusing) < Patience) return false;
            logger.MinuteRefused(error, MetricLevels.At(file.Minute), samples);
            state.CountLost(samples);
            MetricJournal.SetAside(file);
        }
        _refusing = 0;
        if (state.Problem is not null) logger.SealingAgain(state.Waiting);
        state.Problem = null;
        if (content is not null) Note(file, content);
        return true;
    }

    private void Note(JournalFile file, JournalContent content)
    {
        if (content.DamagedRecords > 0)
        {
            state.DamagedRecords += content.DamagedRecords;
            logger.RecordsDamaged(content.DamagedRecords, MetricLevels.At(file.Minute));
        }
        if (!_left.Remove(MetricJournal.NameOf(file))) return;
        state.CountRecovered(content.Samples.Times.Length);
        if (_left.Count == 0) logger.Recovered(state.Recovered);
    }

    private void Explain(Exception error)
    {
        var problem = error.GetBaseException().Message.ReplaceLineEndings(" ");
        if (state.Problem != problem) logger.SealingDelayed(error, problem);
        state.Problem = problem;
    }

    /// <summary>What waits, and room for what comes.</summary>
    private void Look()
    {
        var most = options.CurrentValue.JournalMegabytes * 1024L * 1024;
        var files = journal.Files();
        state.Waiting = files.Count(f => f.Minute + MetricLevels.Minute <= (time.GetUtcNow() - Grace).ToUnixTimeMilliseconds());
        state.WaitingBytes = files.Sum(f => new FileInfo(f.Path) is { Exists: true } info ? info.Length : 0);
        if (state.WaitingBytes > most && journal.Trim(most) is > 0 and var lost) Lose(lost, "the journal had no more room");
    }

    private void Lose(long samples, string reason)
    {
        state.CountLost(samples);
        logger.SamplesLost(samples, reason);
    }

    private async Task CleanUpAsync(CancellationToken cancellation)
    {
        if (_cleaned != 0 && time.GetElapsedTime(_cleaned) < CleanUpEvery) return;
        _cleaned = time.GetTimestamp();
        try
        {
            logger.CleanedUp(await cleanup.RunAsync(cancellation));
        }
        catch (Exception error) when (!cancellation.IsCancellationRequested)
        {
            logger.CleanUpFailed(error);
        }
    }
}
