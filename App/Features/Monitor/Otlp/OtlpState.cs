namespace BlazorAdmin.Features.Monitor.Otlp;

/// <summary>How pushing goes; read from any thread.</summary>
public sealed class OtlpState(TimeProvider time)
{
    private readonly Lock _lock = new();

    /// <summary>Last answer with success; null before the first one.</summary>
    public DateTimeOffset? LastSuccess { get; private set; }

    /// <summary>Why the last push failed, in one line; null if it did not.</summary>
    public string? Failure { get; private set; }

    public long Pushed { get; private set; }

    public long Failed { get; private set; }

    internal void Succeeded()
    {
        lock (_lock) (LastSuccess, Failure, Pushed) = (time.GetUtcNow(), null, Pushed + 1);
    }

    internal void Refused(string why)
    {
        lock (_lock) (Failure, Failed) = (why, Failed + 1);
    }

    internal void Begin()
    {
        lock (_lock) Failure = null;
    }
}
