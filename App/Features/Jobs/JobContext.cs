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

    /// <summary>What an earlier run saved with <see cref="SaveCursorAsync{T}(T, CancellationToken)"/>; default if none did.</summary>
    public virtual T? Cursor<T>() => default;

    /// <summary>Saves how far the work is, so that the next run goes on from there. Returns once it is committed.</summary>
    /// <exception cref="LeaseLostException">Another run has the job: stop, and change nothing more.</exception>
    public virtual Task SaveCursorAsync<T>(T cursor, CancellationToken cancellation) => Task.CompletedTask;

    /// <summary>
    /// As <see cref="SaveCursorAsync{T}(T, CancellationToken)"/>, in the transaction of <paramref name="db"/>: what the handler
    /// changes there and the cursor commit together, and only while this run still holds the job. So each step happens once.
    /// </summary>
    public virtual Task SaveCursorAsync<T>(Data.AppDbContext db, T cursor, CancellationToken cancellation) => Task.CompletedTask;

    public void Info(string message) => Log(LogLevel.Information, message);

    public void Warn(string message) => Log(LogLevel.Warning, message);
}
