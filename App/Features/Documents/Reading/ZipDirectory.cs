using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace BlazorAdmin.Features.Documents.Reading;

/// <summary>
/// The central directory of a ZIP archive, read with bounds before any library opens the file: the framework's reader
/// loads every entry a directory claims and does not show overlaps.
/// </summary>
internal sealed class ZipDirectory
{
    private const uint EndMark = 0x06054b50;
    private const uint End64Mark = 0x06064b50;
    private const uint EntryMark = 0x02014b50;
    private const uint LocalMark = 0x04034b50;
    private const int EndBytes = 22;
    private const int EntryBytes = 46;
    private const int LocalBytes = 30;

    private ZipDirectory(IReadOnlyList<ZipEntryInfo> entries, bool more) => (Entries, More) = (entries, more);

    public IReadOnlyList<ZipEntryInfo> Entries { get; }

    /// <summary>The archive holds more entries than were asked for.</summary>
    public bool More { get; }

    public ZipEntryInfo? Find(string name) => Entries.FirstOrDefault(entry => entry.Name == name);

    /// <exception cref="InvalidDataException">No directory, or a broken one.</exception>
    public static ZipDirectory Read(Stream file, int maxEntries)
    {
        var (offset, count) = FindDirectory(file);
        file.Position = offset;
        var entries = new List<ZipEntryInfo>();
        var header = new byte[EntryBytes];
        for (long i = 0; i < count; i++)
        {
            if (entries.Count == maxEntries) return new ZipDirectory(entries, more: true);
            Fill(file, header);
            if (BinaryPrimitives.ReadUInt32LittleEndian(header) != EntryMark) throw new InvalidDataException("Broken directory entry.");
            entries.Add(ReadEntry(file, header));
        }
        return new ZipDirectory(entries, more: false);
    }

    /// <summary>The entry's unpacked bytes, at most <paramref name="limit"/>.</summary>
    public byte[] ReadEntry(Stream file, ZipEntryInfo entry, int limit)
    {
        using var content = Open(file, entry);
        var bytes = new byte[limit];
        return bytes[..content.ReadAtLeast(bytes, limit, throwOnEndOfStream: false)];
    }

    /// <summary>Unpacks; the file must not be used otherwise meanwhile.</summary>
    public Stream Open(Stream file, ZipEntryInfo entry)
    {
        var local = new byte[LocalBytes];
        if (entry.HeaderOffset < 0 || entry.HeaderOffset + LocalBytes > file.Length) throw new InvalidDataException("Entry outside the file.");
        file.Position = entry.HeaderOffset;
        Fill(file, local);
        if (BinaryPrimitives.ReadUInt32LittleEndian(local) != LocalMark) throw new InvalidDataException("No entry where the directory says.");
        var start = entry.HeaderOffset + LocalBytes + BinaryPrimitives.ReadUInt16LittleEndian(local.AsSpan(26)) + BinaryPrimitives.ReadUInt16LittleEndian(local.AsSpan(28));
        if (entry.PackedSize < 0 || start + entry.PackedSize > file.Length) throw new InvalidDataException("Entry reaches beyond the file.");
        var packed = new StreamSection(file, start, entry.PackedSize);
        return entry.Method switch
        {
            0 => packed,
            8 => new DeflateStream(packed, CompressionMode.Decompress),
            _ => throw new InvalidDataException($"Compression method {entry.Method} is not supported."),
        };
    }

    private static ZipEntryInfo ReadEntry(Stream file, byte[] header)
    {
        ReadOnlySpan<byte> h = header;
        var flags = BinaryPrimitives.ReadUInt16LittleEndian(h[8..]);
        var name = new byte[BinaryPrimitives.ReadUInt16LittleEndian(h[28..])];
        var extra = new byte[BinaryPrimitives.ReadUInt16LittleEndian(h[30..])];
        Fill(file, name);
        Fill(file, extra);
        file.Position += BinaryPrimitives.ReadUInt16LittleEndian(h[32..]);
        long packed = BinaryPrimitives.ReadUInt32LittleEndian(h[20..]);
        long size = BinaryPrimitives.ReadUInt32LittleEndian(h[24..]);
        long offset = BinaryPrimitives.ReadUInt32LittleEndian(h[42..]);
        ReadLarge(extra, ref size, ref packed, ref offset);
        var mode = BinaryPrimitives.ReadUInt32LittleEndian(h[38..]) >> 16;
        // 0xA000 is S_IFLNK in the upper half of the external attributes that Unix archivers write.
        var link = h[5] == 3 && (mode & 0xF000) == 0xA000;
        return new ZipEntryInfo(Encoding.UTF8.GetString(name), BinaryPrimitives.ReadUInt16LittleEndian(h[10..]), (flags & 1) != 0, link, packed, size, offset);
    }

    private static void ReadLarge(ReadOnlySpan<byte> extra, ref long size, ref long packed, ref long offset)
    {
        while (extra.Length >= 4)
        {
            var length = BinaryPrimitives.ReadUInt16LittleEndian(extra[2..]);
            if (length > extra.Length - 4) return;
            var field = extra.Slice(4, length);
            if (BinaryPrimitives.ReadUInt16LittleEndian(extra) == 1)
            {
                // Only the fields that overflowed are present, in this order.
                if (size == uint.MaxValue) size = Take(ref field);
                if (packed == uint.MaxValue) packed = Take(ref field);
                if (offset == uint.MaxValue) offset = Take(ref field);
                return;
            }
            extra = extra[(4 + length)..];
        }

        static long Take(ref ReadOnlySpan<byte> field)
        {
            if (field.Length < 8) throw new InvalidDataException("Broken large-size field.");
            var value = BinaryPrimitives.ReadInt64LittleEndian(field);
            field = field[8..];
            return value;
        }
    }

    private static (long Offset, long Count) FindDirectory(Stream file)
    {
        var tail = new byte[(int)Math.Min(file.Length, EndBytes + ushort.MaxValue)];
        file.Position = file.Length - tail.Length;
        Fill(file, tail);
        for (var at = tail.Length - EndBytes; at >= 0; at--)
        {
            if (BinaryPrimitives.ReadUInt32LittleEndian(tail.AsSpan(at)) != EndMark) continue;
            long count = BinaryPrimitives.ReadUInt16LittleEndian(tail.AsSpan(at + 10));
            long offset = BinaryPrimitives.ReadUInt32LittleEndian(tail.AsSpan(at + 16));
            if (count == ushort.MaxValue || offset == uint.MaxValue) (offset, count) = FindLarge(file, file.Length - tail.Length + at, offset, count);
            if (offset < 0 || offset > file.Length) throw new InvalidDataException("Directory outside the file.");
            return (offset, count);
        }
        throw new InvalidDataException("No directory.");
    }

    private static (long Offset, long Count) FindLarge(Stream file, long end, long offset, long count)
    {
        if (end < 20) return (offset, count);
        var locator = new byte[20];
        file.Position = end - 20;
        Fill(file, locator);
        if (BinaryPrimitives.ReadUInt32LittleEndian(locator) != 0x07064b50) return (offset, count);
        var at = BinaryPrimitives.ReadInt64LittleEndian(locator.AsSpan(8));
        var record = new byte[56];
        if (at < 0 || at + record.Length > file.Length) throw new InvalidDataException("Directory outside the file.");
        file.Position = at;
        Fill(file, record);
        if (BinaryPrimitives.ReadUInt32LittleEndian(record) != End64Mark) throw new InvalidDataException("Broken large directory.");
        return (BinaryPrimitives.ReadInt64LittleEndian(record.AsSpan(48)), BinaryPrimitives.ReadInt64LittleEndian(record.AsSpan(32)));
    }

    private static void Fill(Stream file, byte[] into)
    {
        if (file.ReadAtLeast(into, into.Length, throwOnEndOfStream: false) < into.Length) throw new InvalidDataException("The file ends too early.");
    }
}
