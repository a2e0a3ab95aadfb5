using System.Globalization;

namespace BlazorAdmin.Features.Documents.Reading;

/// <summary>Checks an archive for traps before any converter opens it: number, names, overlaps, real sizes, ratio, nesting, entities.</summary>
internal sealed class ArchiveGuard(ReadingOptions options)
{
    private const int MaxDepth = 4;
    private const int NestedBytes = 64 << 20;
    private const long RatioFloorBytes = 32L << 20;
    private static readonly byte[][] EntityMarks = ["<!ENTITY"u8.ToArray(), System.Text.Encoding.Unicode.GetBytes("<!ENTITY"), System.Text.Encoding.BigEndianUnicode.GetBytes("<!ENTITY")];
    private readonly byte[] _buffer = new byte[64 << 10];
    private long _unpacked;
    private int _entries;

    /// <returns>Null when nothing speaks against reading the archive.</returns>
    public (ReadOutcome Outcome, ReadReason Reason)? Check(Stream file, CancellationToken cancel)
    {
        try
        {
            return Check(file, 1, cancel);
        }
        catch (InvalidDataException)
        {
            return (ReadOutcome.Damaged, new ReadReason("ArchiveDamaged"));
        }
    }

    private (ReadOutcome Outcome, ReadReason Reason)? Check(Stream file, int depth, CancellationToken cancel)
    {
        if (depth > MaxDepth) return Trap("ArchiveTooDeep", MaxDepth);
        var directory = ZipDirectory.Read(file, options.MaxArchiveEntries);
        _entries += directory.Entries.Count;
        if (directory.More || _entries > options.MaxArchiveEntries) return Trap("ArchiveTooManyEntries", options.MaxArchiveEntries);
        if (directory.Entries.Count == 0) return (ReadOutcome.Empty, new ReadReason("ArchiveEmpty"));
        if (directory.Entries.Any(entry => entry.Encrypted)) return (ReadOutcome.NeedsPassword, new ReadReason("NeedsPassword"));
        if (directory.Entries.FirstOrDefault(entry => entry.Link || IsOutside(entry.Name)) is { } outside) return (ReadOutcome.Suspicious, new ReadReason("ArchivePathOutside", Shorten(outside.Name)));
        if (directory.Entries.DistinctBy(entry => entry.Name).Count() < directory.Entries.Count) return (ReadOutcome.Suspicious, new ReadReason("ArchiveDuplicateNames"));
        if (Overlaps(directory)) return (ReadOutcome.Suspicious, new ReadReason("ArchiveOverlap"));
        if (directory.Entries.Sum(entry => (decimal)entry.Size) > options.MaxUnpackedBytes) return Trap("ArchiveBomb", options.MaxUnpackedBytes >> 20);
        foreach (var entry in directory.Entries)
        {
            if (Unpack(file, directory, entry, depth, cancel) is { } trap) return trap;
        }
        return null;
    }

    private (ReadOutcome Outcome, ReadReason Reason)? Unpack(Stream file, ZipDirectory directory, ZipEntryInfo entry, int depth, CancellationToken cancel)
    {
        if (entry.Name.EndsWith('/')) return null;
        long size = 0;
        var first = true;
        using (var content = directory.Open(file, entry))
        {
            int read;
            while ((read = content.ReadAtLeast(_buffer, _buffer.Length, throwOnEndOfStream: false)) > 0)
            {
                cancel.ThrowIfCancellationRequested();
                size += read;
                _unpacked += read;
                if (_unpacked > options.MaxUnpackedBytes) return Trap("ArchiveBomb", options.MaxUnpackedBytes >> 20);
                if (size > RatioFloorBytes && size / Math.Max(1, entry.PackedSize) > options.MaxArchiveRatio) return Trap("ArchiveRatio", options.MaxArchiveRatio);
                if (first && IsMarkup(entry.Name) && EntityMarks.Any(mark => _buffer.AsSpan(0, read).IndexOf(mark) >= 0)) return (ReadOutcome.Suspicious, new ReadReason("ExternalEntities"));
                if (first && IsZip(_buffer.AsSpan(0, read)) && entry.Size <= NestedBytes) break;
                first = false;
            }
        }
        return first && size > 0 && IsZip(_buffer) && entry.Size <= NestedBytes ? Nested(file, directory, entry, depth, cancel) : null;
    }

    private (ReadOutcome Outcome, ReadReason Reason)? Nested(Stream file, ZipDirectory directory, ZipEntryInfo entry, int depth, CancellationToken cancel)
    {
        using var inner = new MemoryStream(directory.ReadEntry(file, entry, (int)entry.Size), writable: false);
        try
        {
            var verdict = Check(inner, depth + 1, cancel);
            // A protected or empty attachment does not hinder reading the document around it.
            return verdict?.Outcome == ReadOutcome.Suspicious ? verdict : null;
        }
        catch (InvalidDataException)
        {
            // A broken attachment neither.
            return null;
        }
    }

    private static bool IsMarkup(string name) => Path.GetExtension(name).ToLowerInvariant() is ".xml" or ".rels" or ".opf" or ".ncx" or ".xhtml" or ".html" or ".htm" or ".svg" or ".vml";

    private static bool IsZip(ReadOnlySpan<byte> bytes) => bytes.StartsWith("PK\x03\x04"u8);

    private static bool IsOutside(string name)
    {
        var path = name.Replace('\\', '/');
        return path.StartsWith('/') || path.Contains('\0') || (path.Length > 1 && path[1] == ':') || path.Split('/').Contains("..");
    }

    private static bool Overlaps(ZipDirectory directory)
    {
        long end = 0;
        foreach (var entry in directory.Entries.OrderBy(entry => entry.HeaderOffset))
        {
            if (entry.HeaderOffset < end) return true;
            end = entry.HeaderOffset + entry.PackedSize;
        }
        return false;
    }

    private static string Shorten(string name) => name.Length <= 80 ? name : name[..80] + "…";

    private static (ReadOutcome Outcome, ReadReason Reason) Trap(string key, long limit) =>
        (ReadOutcome.Suspicious, new ReadReason(key, limit.ToString(CultureInfo.InvariantCulture)));
}
