using BlazorAdmin.Features.Documents.Reading;

namespace BlazorAdmin.Features.Documents.Converter;

public enum ConverterState
{
    /// <summary>The file is coming in.</summary>
    Receiving,
    Running,
    Ended,
    Cancelled,
}

/// <summary>A step of a run: which, how long, with what end.</summary>
public sealed record ConverterStep(string Name, int Runs, ReadOutcome Outcome, TimeSpan Duration);

/// <summary>One file that is converted and not kept: in the memory of this node, for one person and one page.</summary>
public sealed class ConverterRun(Guid id, Guid ownerId, string name, long? size, DateTimeOffset startedAt)
{
    // Never disposed: without a timer it holds nothing, and a run may be stopped at any time, also after its end.
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();

    public Guid Id => id;

    public Guid OwnerId => ownerId;

    public string Name => name;

    /// <summary>Bytes of the file; null until known.</summary>
    public long? Size { get; internal set; } = size;

    /// <summary>Bytes that have come in.</summary>
    public long Received { get; internal set; }

    public DateTimeOffset StartedAt => startedAt;

    public ConverterState State { get; private set; }

    public StepProgress? Progress { get; internal set; }

    /// <summary>From the first step to the last; null until ended.</summary>
    public TimeSpan? Duration { get; private set; }

    public Documents.Reading.Reading? Result { get; private set; }

    /// <summary>Tool that made the text.</summary>
    public string? Engine { get; private set; }

    public IReadOnlyList<ConverterStep> Steps { get; private set; } = [];

    public bool IsActive => State is ConverterState.Receiving or ConverterState.Running;

    internal CancellationToken Stopped => _stop.Token;

    internal void Run()
    {
        lock (_lock)
            if (State == ConverterState.Receiving) State = ConverterState.Running;
    }

    internal void End(Documents.Reading.Reading result, TimeSpan duration, string? engine, IReadOnlyList<ConverterStep> steps)
    {
        lock (_lock)
        {
            if (!IsActive) return;
            (Result, Duration, Engine, Steps) = (result, duration, engine, steps);
            State = ConverterState.Ended;
        }
    }

    internal void Cancel()
    {
        lock (_lock)
            if (IsActive) State = ConverterState.Cancelled;
        _stop.Cancel();
    }
}
