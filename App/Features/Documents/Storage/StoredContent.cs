namespace BlazorAdmin.Features.Documents.Storage;

/// <param name="Sha256">64 lower-case hexadecimal digits of the original bytes; the key of the store.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Known">The same bytes were in the store before.</param>
public sealed record StoredContent(string Sha256, long Size, bool Known);

/// <param name="Size">Bytes.</param>
/// <param name="SavedAt">When these bytes were saved last, the first time or again.</param>
public sealed record StoredFile(string Sha256, long Size, DateTimeOffset SavedAt);
