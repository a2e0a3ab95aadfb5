using BlazorAdmin.Features.Jobs;

namespace BlazorAdmin.Features.Documents;

/// <summary>Removes a deleted document for good when its days in the bin are over.</summary>
[JobType("documents.erase", Queue = "documents", Priority = 2)]
public sealed record EraseDocument(Guid DocumentId);
