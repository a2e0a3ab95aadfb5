namespace BlazorAdmin.Features.Documents;

/// <summary>Topic <c>documents</c>: what viewers see of a document changed, or it came or went.</summary>
/// <param name="Version">0: only how far a reading has come.</param>
public sealed record DocumentChanged(Guid Id, Guid OwnerId, int Version);
