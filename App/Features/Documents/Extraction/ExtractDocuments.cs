using BlazorAdmin.Features.Jobs;

namespace BlazorAdmin.Features.Documents.Extraction;

/// <summary>
/// Extracts and validates documents again that are read already: one, a selection, or all of a tenant after a rule changed. Of a tenant one pass over all
/// runs at a time, and it ends when a newer one of the same kind waits.
/// </summary>
/// <param name="Ids">Empty: all.</param>
/// <param name="TypeId">Only documents of this type; null: of every type.</param>
/// <param name="OnlyValidate">The mentions and fields stay as they are.</param>
[JobType("documents.extract", Queue = "documents", Priority = 3, MaxAttempts = 4, TimeoutSeconds = 14_400, ByHand = false, MaxRunningPerKey = 1)]
public sealed record ExtractDocuments(Guid TenantId, IReadOnlyList<Guid> Ids, Guid? TypeId, bool OnlyValidate);
