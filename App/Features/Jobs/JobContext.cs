namespace BlazorAdmin.Features.Jobs;

/// <summary>What a running handler knows of its job and can tell about it. Writes are batched; none of them waits for the database.</summary>
public abstract class JobContext
{
    public abstract long JobId { get; }

    /// <summary>1 for the first run.</summary>
    public abstract int Attempt { get; }

    /// <summary>True if a failure of this run is final. A person's retry adds attempts, so the number alone does not tell.</summary>
    public virtual bool IsLastAttempt => false;

    /// <summary>The same for every attempt of the job.</summary>
    public abstract string IdempotencyKey { get; }

    /// <summary>Shows how far it is: <paramref name="percent"/> 0 to 100 and what is happening, in few words.</summary>
    public abstract void Progress(double percent, string? message = null);

    /// <summary>Adds a line to the job's log.</summary>
    public abstract void Log(LogLevel level, string message);

    public void Info(string message) => Log(LogLevel.Information, message);

    public void Warn(string message) => Log(LogLevel.Warning, message);
}
