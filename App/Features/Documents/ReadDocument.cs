using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Features.Jobs.Searching;

namespace BlazorAdmin.Features.Documents;

/// <summary>Reads a document: inspect, convert, recognise, extract, validate.</summary>
[JobType("documents.read", Queue = "documents", MaxAttempts = 4, TimeoutSeconds = 7_200, MaxConcurrency = 2)]
public sealed record ReadDocument([property: Searchable] Guid DocumentId, int Revision);
