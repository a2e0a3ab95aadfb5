using System.Text.Json;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Jobs.Rules;

namespace BlazorAdmin.Features.Jobs;

/// <summary>Why a run was told to stop.</summary>
public enum StopReason
{
    None,
    Cancelled,
    TimedOut,
    LeaseLost,
    ShuttingDown,
}

/// <summary>A run on this node: its claim, its cancellation, and what it reported but is not written yet.</summary>
internal sealed class RunningJob(ClaimedJob claim, EffectiveRule rule, TimeProvider time, JobReporter reporter) : JobContext
{
    // A handler that floods its log must not take the node's memory; what does not fit is counted in a line of its own.
    private const int MostWaitingLines = 2000;

    // Never disposed: without a timer it holds nothing, and a heartbeat may still stop a run that has just ended.
    private readonly CancellationTokenSource _cancellation = new();
    private readonly Lock _lock = new();
    private List<ReportedLine> _lines = [];
    private Task _cancelling = Task.CompletedTask;
    private double? _progress;
    private string? _message;
    private int _dropped;
    private string? _cursor = claim.Cursor;
    private int _stop;
    private long _stoppedAt;

    public ClaimedJob Claim { get; } = claim;

    public EffectiveRule Rule { get; } = rule;

    public JobType Type => Rule.Type;

    /// <summary>Whether the handler was called; a job that waits for a slot goes back without a trace.</summary>
    public bool Began { get; set; }

    /// <summary>It ignores that it was told to stop, and the database says so.</summary>
    public bool Stuck { get; set; }

    /// <summary>Its slot was given to others, because it is stuck.</summary>
    public bool LostSlot { get; set; }

    /// <summary>How long ago it was told to stop; null if it was not.</summary>
    public TimeSpan? StoppingFor => Stopped == StopReason.None ? null : time.GetElapsedTime(Volatile.Read(ref _stoppedAt));

    public CancellationToken Cancellation => _cancellation.Token;

    public StopReason Stopped => (StopReason)Volatile.Read(ref _stop);

    /// <summary>Set once its end is on the way to the database: a heartbeat that does not find it any more proves nothing then.</summary>
    public bool IsEnding { get; set; }

    public override long JobId => Claim.Id;

    public override int Attempt => Claim.Attempt;

    public override bool IsLastAttempt => Claim.Attempt >= Claim.MaxAttempts;

    public override string IdempotencyKey => Claim.IdempotencyKey;

    /// <summary>The first reason counts. Handlers' callbacks run on the pool, never on the caller's thread.</summary>
    public void Stop(StopReason reason)
    {
        Interlocked.CompareExchange(ref _stoppedAt, time.GetTimestamp(), 0);
        if (Interlocked.CompareExchange(ref _stop, (int)reason, (int)StopReason.None) != (int)StopReason.None) return;
        lock (_lock) _cancelling = _cancellation.CancelAsync();
    }

    /// <summary>Completes when the handlers of the cancellation have run.</summary>
    public Task WhenStopped()
    {
        lock (_lock) return _cancelling;
    }

    public override void Progress(double percent, string? message = null)
    {
        lock (_lock)
        {
            _progress = double.IsFinite(percent) ? Math.Clamp(percent, 0, 100) : _progress;
            _message = JobText.Clean(message, JobConfiguration.MessageLength) ?? _message;
        }

        reporter.Signal(this);
    }

    public override void Log(LogLevel level, string message)
    {
        lock (_lock)
        {
            if (_lines.Count < MostWaitingLines) _lines.Add(new ReportedLine(time.GetUtcNow(), level, JobText.Clean(message, JobConfiguration.ErrorLength)));
            else _dropped++;
        }

        reporter.Signal(this);
    }

    public override T? Cursor<T>() where T : default => _cursor is { } json ? JsonSerializer.Deserialize<T>(json, JsonSerializerOptions.Web) : default;

    public override Task SaveCursorAsync<T>(T cursor, CancellationToken cancellation) => SaveAsync(null, cursor, cancellation);

    public override Task SaveCursorAsync<T>(AppDbContext db, T cursor, CancellationToken cancellation) => SaveAsync(db, cursor, cancellation);

    private async Task SaveAsync<T>(AppDbContext? db, T cursor, CancellationToken cancellation)
    {
        var json = JsonSerializer.Serialize(cursor, JsonSerializerOptions.Web);
        if (!await reporter.SaveCursorAsync(this, json, db, cancellation))
        {
            Stop(StopReason.LeaseLost);
            throw new LeaseLostException(JobId);
        }

        _cursor = json;
    }

    /// <summary>Takes what is not written yet; null if there is nothing.</summary>
    public RunReport? TakeReport()
    {
        lock (_lock)
        {
            if (_progress is null && _message is null && _lines.Count == 0 && _dropped == 0) return null;
            if (_dropped > 0) _lines.Add(new ReportedLine(time.GetUtcNow(), LogLevel.Warning, $"{_dropped} lines were left out: they came faster than they could be written."));
            var report = new RunReport(Claim.Id, Claim.Token, _progress, _message, _lines);
            (_progress, _message, _lines, _dropped) = (null, null, [], 0);
            return report;
        }
    }

    /// <summary>Gives back a report that could not be written.</summary>
    public void Restore(RunReport report)
    {
        lock (_lock)
        {
            _progress ??= report.Progress;
            _message ??= report.Message;
            _lines = [.. report.Lines, .. _lines];
        }
    }
}
