namespace BlazorAdmin.Features.Documents.Reading;

/// <summary>A page that could not be read in a document that otherwise could.</summary>
public sealed record ReadWarning(int Page, ReadOutcome Outcome, ReadReason Reason);
