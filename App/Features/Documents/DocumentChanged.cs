namespace BlazorAdmin.Features.Documents;

/// <summary>Topic <c>documents</c>: what viewers see of a document changed, or it came or went.</summary>
public sealed record DocumentChanged(Guid Id, Guid OwnerId, int Version);
