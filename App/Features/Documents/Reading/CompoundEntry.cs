namespace BlazorAdmin.Features.Documents.Reading;

/// <summary>A storage or stream of a compound file.</summary>
/// <param name="Size">In bytes, as the file says.</param>
internal sealed record CompoundEntry(string Name, bool IsStorage, long Size, uint Start, uint Left, uint Right, uint Child);
