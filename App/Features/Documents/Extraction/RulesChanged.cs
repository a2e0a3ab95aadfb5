namespace BlazorAdmin.Features.Documents.Extraction;

/// <summary>Topic <c>documents.rules</c>: a rule of extraction or validation changed, or the quality was measured.</summary>
public sealed record RulesChanged(Guid Id);
