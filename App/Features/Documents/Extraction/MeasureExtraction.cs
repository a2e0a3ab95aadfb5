using BlazorAdmin.Features.Jobs;

namespace BlazorAdmin.Features.Documents.Extraction;

/// <summary>Measures the extraction on what people of a tenant have judged.</summary>
[JobType("documents.measure", Queue = "documents", Priority = 3, MaxAttempts = 3, TimeoutSeconds = 7_200, MaxRunning = 1, ByHand = false)]
public sealed record MeasureExtraction(Guid TenantId);
