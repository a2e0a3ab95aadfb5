namespace BlazorAdmin.Features.Documents.Storage;

/// <summary>Topic <c>documents.contents</c>: something that had these bytes was erased for good; what was made of them goes from every node.</summary>
public sealed record ContentErased(string Sha256);
