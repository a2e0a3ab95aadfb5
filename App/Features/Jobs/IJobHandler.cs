namespace BlazorAdmin.Features.Jobs;

/// <summary>
/// Does the work of one type of job. It may run again after a crash (at least once), with the same
/// <see cref="JobContext.IdempotencyKey"/> and a counted attempt, so it must pick up what is already done.
/// </summary>
public interface IJobHandler<in TArguments> where TArguments : class
{
    /// <param name="cancellation">Cancelled by a person, the time-out, the loss of the lease, or the node's shutdown.</param>
    /// <exception cref="JobFailedException">Trying again cannot help: the job is dead at once.</exception>
    Task RunAsync(TArguments arguments, JobContext job, CancellationToken cancellation);
}

/// <summary>The job failed for good; the message is for people.</summary>
public sealed class JobFailedException(string message, Exception? inner = null) : Exception(message, inner);
