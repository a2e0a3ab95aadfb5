using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Features.Jobs.Searching;

namespace BlazorAdmin.Features.Documents;

/// <summary>Removes a deleted document for good when its days in the bin are over.</summary>
/// <param name="DeletedAt">
/// When it was deleted: one that was restored and deleted again has its own job. Null: the job is of a time when it did not say so; it was
/// made in the moment of the deletion.
/// </param>
[JobType("documents.erase", Queue = "documents", Priority = 2, ByHand = false)]
public sealed record EraseDocument([property: Searchable] Guid DocumentId, DateTimeOffset? DeletedAt = null);
