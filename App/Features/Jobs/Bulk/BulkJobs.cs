using BlazorAdmin.Features.Jobs.Searching;

namespace BlazorAdmin.Features.Jobs.Bulk;

/// <summary>One command on many jobs.</summary>
/// <param name="Filter">Query string of the list; null if <paramref name="Ids"/> name the jobs.</param>
/// <param name="CallerId">Who asked; their right is looked at again while it runs.</param>
/// <param name="UpTo">Later jobs do not belong to it.</param>
[JobType(Name, Priority = 8, TimeoutSeconds = 0, MaxAttempts = 5, ByHand = false, AsOwner = true)]
public sealed record BulkJobs([property: Searchable] JobAction Action, string? Filter, IReadOnlyList<long>? Ids, Guid? CallerId, long UpTo)
{
    public const string Name = "jobs.bulk";
}

/// <summary>Takes back what <see cref="BulkJobs"/> did, where nothing happened to the jobs since.</summary>
/// <param name="BulkId">The job that did it.</param>
[JobType("jobs.bulk_undo", Priority = 8, TimeoutSeconds = 0, MaxAttempts = 5, ByHand = false, AsOwner = true)]
public sealed record UndoBulkJobs([property: Searchable] long BulkId, Guid? CallerId);
