namespace BlazorAdmin.Features.Jobs.Bulk;

/// <summary>Jobs of one type that carry out a person's command and can be taken back.</summary>
public interface IUndoableJobs
{
    /// <summary>Name of the job type.</summary>
    string Type { get; }

    /// <summary>Whether the caller can still take back what the job <paramref name="id"/> did.</summary>
    Task<bool> CanUndoAsync(long id, CancellationToken cancellation = default);

    /// <summary>Takes back, as a job, what the job <paramref name="id"/> did; one that still runs is stopped first.</summary>
    /// <returns>The new job; null if there is nothing (any more) to take back.</returns>
    Task<long?> UndoAsync(long id, CancellationToken cancellation = default);
}
