namespace BlazorAdmin.Features.Documents.Recognition;

/// <param name="Path">In the working folder: gone with it.</param>
/// <param name="Size">Bytes.</param>
public sealed record SearchableFile(string Path, long Size);
