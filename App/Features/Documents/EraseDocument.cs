using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Features.Jobs.Searching;

namespace BlazorAdmin.Features.Documents;

/// <summary>Removes a deleted document for good when its days in the bin are over.</summary>
/// <param name="Version">Of the document when it was deleted: one that was restored and deleted again has its own job.</param>
[JobType("documents.erase", Queue = "documents", Priority = 2, ByHand = false)]
public sealed record EraseDocument([property: Searchable] Guid DocumentId, int Version);
