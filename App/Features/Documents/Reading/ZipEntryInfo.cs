namespace BlazorAdmin.Features.Documents.Reading;

/// <param name="Method">0 stored, 8 deflate; nothing else is unpacked.</param>
/// <param name="Size">Unpacked bytes as declared.</param>
/// <param name="HeaderOffset">Where the entry's local header begins.</param>
internal sealed record ZipEntryInfo(string Name, int Method, bool Encrypted, bool Link, long PackedSize, long Size, long HeaderOffset);
