namespace BlazorAdmin.Features.Jobs;

/// <summary>
/// Does the work of one type of job. It may run again after a crash (at least once), with the same
/// <see cref="JobContext.IdempotencyKey"/> and a counted attempt, so it must pick up what is already done.
/// </summary>
public interface IJobHandler<in TArguments> where TArguments : class
{
    /// <param name="cancellation">Cancelled by a person, the time-out, the loss of the lease, or the node's shutdown.</param>
    /// <exception cref="JobFailedException">Trying again cannot help: the job is dead at once.</exception>
    /// <exception cref="JobSnoozedException">It cannot be done now; the run does not count.</exception>
    Task RunAsync(TArguments arguments, JobContext job, CancellationToken cancellation);
}

/// <summary>The job failed for good; the message is for people.</summary>
public sealed class JobFailedException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Not now: the job is tried again after <paramref name="delay"/>, as a service asks for with Retry-After. The run does not count as an attempt.</summary>
public sealed class JobSnoozedException(TimeSpan delay, string message, Exception? inner = null) : Exception(message, inner)
{
    public TimeSpan Delay { get; } = delay;
}

/// <summary>Another run has the job now: what this one still writes would be refused.</summary>
public sealed class LeaseLostException(long job) : Exception($"Job {job} belongs to another run now.");
