using BlazorAdmin.Data;

namespace BlazorAdmin.Features.Audit.Chain;

/// <summary>
/// The anchor beside the database, <c>audit.anchor</c> in the data directory: who can write the database alone cannot put
/// an older one back. Each node keeps the last one that it signed; any of them binds the chain up to its place.
/// </summary>
public sealed class AnchorFile(DataDirectory data)
{
    public string FilePath => Path.Combine(data.Path, "audit.anchor");

    /// <summary>Null if there is no file.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public string? Read() => File.Exists(FilePath) ? File.ReadAllText(FilePath) : null;

    /// <summary>Replaces the file as a whole: a crash leaves the old anchor or the new one.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Write(ChainAnchor anchor)
    {
        var draft = $"{FilePath}.{Environment.ProcessId}";
        using (var stream = new FileStream(draft, FileMode.Create, FileAccess.Write))
        {
            stream.Write(System.Text.Encoding.ASCII.GetBytes(anchor + "\n"));
            // On the disk before the name is: after a power cut an empty file would pass for a forged one.
            stream.Flush(flushToDisk: true);
        }

        File.Move(draft, FilePath, overwrite: true);
    }

    /// <summary>Takes the file out of the way and keeps it.</summary>
    /// <returns>Where it is now.</returns>
    /// <exception cref="IOException">It cannot be moved.</exception>
    public string SetAside(DateTimeOffset now)
    {
        var aside = $"{FilePath}.{now.UtcDateTime.ToString("yyyyMMddHHmmss", System.Globalization.CultureInfo.InvariantCulture)}";
        File.Move(FilePath, aside, overwrite: true);
        return aside;
    }

    /// <summary>Takes back what <see cref="SetAside"/> did.</summary>
    /// <exception cref="IOException">It cannot be moved.</exception>
    public void PutBack(string aside) => File.Move(aside, FilePath, overwrite: true);
}
