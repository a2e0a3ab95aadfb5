namespace BlazorAdmin.Features.Documents.Storage;

/// <summary>Keeps bytes under their SHA-256. The seam where another store (shared by nodes) can stand.</summary>
public interface IContentStore
{
    /// <summary>Reads the stream to its end, hashing while it writes. After this returns, the bytes survive a power cut.</summary>
    /// <exception cref="ContentTooLargeException">More than <paramref name="limit"/> bytes came.</exception>
    Task<StoredContent> Save(Stream source, long limit, CancellationToken cancel);

    bool Contains(string sha256);

    /// <exception cref="FileNotFoundException">The store does not hold it.</exception>
    Stream OpenRead(string sha256);

    /// <summary>Absolute path of a local file with these bytes, for tools that want one. Read only.</summary>
    string PathOf(string sha256);

    /// <summary>Removes the bytes unless they were saved (again) within <paramref name="unusedFor"/>. True when they are gone now.</summary>
    bool Delete(string sha256, TimeSpan unusedFor);

    /// <summary>All that it holds, in the order of the hashes, read as it is asked for.</summary>
    /// <param name="after">Only what comes behind this hash; empty: from the beginning.</param>
    IEnumerable<StoredFile> List(string after);
}
