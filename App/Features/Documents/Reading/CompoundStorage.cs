using System.Buffers.Binary;
using System.Text;

namespace BlazorAdmin.Features.Documents.Reading;

/// <summary>
/// The streams of a compound file ([MS-CFB]). Nothing that the file says of itself is believed without a bound: chains that run in a circle or
/// out of the file, and trees that meet themselves, end with <see cref="InvalidDataException"/>.
/// </summary>
internal sealed class CompoundStorage
{
    private const int HeaderBytes = 512, EntryBytes = 128, HeaderSectors = 109, MostEntries = 65_536, MiniShift = 6;
    private const uint LastSector = 0xFFFFFFFA;
    private readonly string _path;
    private readonly int _shift;
    private readonly long _length;
    private readonly uint _miniCutoff;
    private readonly uint[] _next;
    private readonly uint[] _nextMini;
    private readonly byte[] _mini;
    private readonly byte[] _entries;
    private readonly HashSet<uint> _seen = [];
    private long _claimed;

    private CompoundStorage(string path)
    {
        _path = path;
        using var file = File.OpenRead(path);
        _length = file.Length;
        var header = new byte[HeaderBytes];
        file.ReadExactly(header);
        if (!header.AsSpan().StartsWith(CompoundFile.Magic)) throw new InvalidDataException("No compound file.");
        _shift = BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(30));
        if (_shift is not (9 or 12) || BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(32)) != MiniShift) throw new InvalidDataException("Sectors of an unknown size.");
        _miniCutoff = Word(header, 56);
        _next = Allocation(file, header);
        _entries = Read(file, Chain(Word(header, 48), MostEntries * EntryBytes), null);
        Root = Entry(0) ?? throw new InvalidDataException("Without a root.");
        _mini = Read(file, Chain(Root.Start, _length), Math.Min(Root.Size, _length));
        var miniTable = Read(file, Chain(Word(header, 60), _length), null);
        _nextMini = [.. Enumerable.Range(0, miniTable.Length / 4).Select(i => Word(miniTable, i * 4))];
    }

    public CompoundEntry Root { get; }

    /// <exception cref="InvalidDataException"/>
    /// <exception cref="EndOfStreamException"/>
    public static CompoundStorage Read(string path) => new(path);

    /// <summary>What stands in a storage; each may be asked for once.</summary>
    public IReadOnlyList<CompoundEntry> Children(CompoundEntry storage)
    {
        var (found, left) = (new List<CompoundEntry>(), new Stack<uint>([storage.Child]));
        while (left.TryPop(out var id))
        {
            if (Entry(id) is not { } entry) continue;
            if (!_seen.Add(id)) throw new InvalidDataException("A tree that meets itself.");
            found.Add(entry);
            left.Push(entry.Left);
            left.Push(entry.Right);
        }
        return found;
    }

    /// <param name="most">More bytes than this are no such stream.</param>
    public byte[] Bytes(CompoundEntry stream, long most)
    {
        if (stream.Size > most) throw new InvalidDataException("A stream longer than allowed.");
        Claim(stream);
        var bytes = new byte[stream.Size];
        using var content = Open(stream);
        content.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>Call it once for each stream that is used: together they cannot be longer than the file, unless they were laid over each other to fill memory or disk.</summary>
    public void Claim(CompoundEntry stream)
    {
        if (stream.Size > _length || (_claimed += stream.Size) > _length) throw new InvalidDataException("Streams longer than their file.");
    }

    /// <summary>The content, from beginning to end; large ones are read from the file piece by piece.</summary>
    public Stream Open(CompoundEntry stream)
    {
        if (stream.Size > _length) throw new InvalidDataException("A stream longer than its file.");
        if (stream.Size >= _miniCutoff) return new SectorStream(File.OpenRead(_path), Chain(stream.Start, stream.Size), 1 << _shift, stream.Size);
        var bytes = new byte[stream.Size];
        var sector = stream.Start;
        for (var at = 0; at < bytes.Length; at += 1 << MiniShift)
        {
            var from = (long)sector << MiniShift;
            var count = Math.Min(1 << MiniShift, bytes.Length - at);
            if (sector >= _nextMini.Length || from + count > _mini.Length) throw new InvalidDataException("A small stream that leaves its place.");
            _mini.AsSpan((int)from, count).CopyTo(bytes.AsSpan(at));
            sector = _nextMini[sector];
        }
        return new MemoryStream(bytes, writable: false);
    }

    private uint[] Allocation(FileStream file, byte[] header)
    {
        var (size, sectors, tables) = (1 << _shift, (_length >> _shift) + 1, new List<uint>());
        for (var i = 0; i < HeaderSectors; i++) tables.Add(Word(header, 76 + i * 4));
        var more = Word(header, 68);
        for (var read = 0L; more < LastSector && read * (size / 4 - 1) < sectors; read++)
        {
            var list = Sector(file, more);
            for (var i = 0; i < size / 4 - 1; i++) tables.Add(Word(list, i * 4));
            more = Word(list, size - 4);
        }
        var next = new List<uint>();
        foreach (var table in tables.Where(table => table < LastSector))
        {
            if (next.Count > sectors) break;
            var bytes = Sector(file, table);
            for (var i = 0; i < size; i += 4) next.Add(Word(bytes, i));
        }
        return [.. next];
    }

    /// <summary>Sectors of a chain, so many as <paramref name="most"/> bytes take at most.</summary>
    private List<uint> Chain(uint start, long most)
    {
        var sectors = new List<uint>();
        for (var sector = start; sector < LastSector && (long)sectors.Count << _shift < most; sector = _next[sector])
        {
            if (sector >= _next.Length) throw new InvalidDataException("A chain that leaves the file.");
            sectors.Add(sector);
            if (sectors.Count > _next.Length) throw new InvalidDataException("A chain that runs in a circle.");
        }
        return sectors;
    }

    private byte[] Read(FileStream file, List<uint> sectors, long? length)
    {
        using var bytes = new MemoryStream();
        foreach (var sector in sectors) bytes.Write(Sector(file, sector));
        if (length < bytes.Length) bytes.SetLength(length.Value);
        return bytes.ToArray();
    }

    private byte[] Sector(FileStream file, uint sector)
    {
        var bytes = new byte[1 << _shift];
        file.Position = ((long)sector + 1) << _shift;
        // The last one may be cut off behind what it holds.
        if (file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) == 0) throw new EndOfStreamException();
        return bytes;
    }

    private CompoundEntry? Entry(uint id)
    {
        if (id >= _entries.Length / EntryBytes) return null;
        var bytes = _entries.AsSpan((int)id * EntryBytes, EntryBytes);
        var (named, kind) = (BinaryPrimitives.ReadUInt16LittleEndian(bytes[64..]), bytes[66]);
        if (kind is not (1 or 2 or 5) || named > 64) return null;
        // Old files leave rubbish in the upper half.
        var size = _shift == 9 ? BinaryPrimitives.ReadUInt32LittleEndian(bytes[120..]) : BinaryPrimitives.ReadInt64LittleEndian(bytes[120..]);
        if (size < 0) throw new InvalidDataException("A stream of no size.");
        return new CompoundEntry(named < 2 ? "" : Encoding.Unicode.GetString(bytes[..(named - 2)]), kind != 2, size,
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[116..]), BinaryPrimitives.ReadUInt32LittleEndian(bytes[68..]), BinaryPrimitives.ReadUInt32LittleEndian(bytes[72..]), BinaryPrimitives.ReadUInt32LittleEndian(bytes[76..]));
    }

    private static uint Word(byte[] bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at));

    private sealed class SectorStream(FileStream file, List<uint> sectors, int size, long length) : ReadOnlyStream
    {
        private long _at;

        public override int Read(Span<byte> buffer)
        {
            var (index, inside) = ((int)(_at / size), (int)(_at % size));
            if (_at >= length || buffer.Length == 0) return 0;
            if (index >= sectors.Count) throw new InvalidDataException("A stream that ends early.");
            file.Position = ((long)sectors[index] + 1) * size + inside;
            var read = file.Read(buffer[..(int)Math.Min(Math.Min(buffer.Length, size - inside), length - _at)]);
            if (read == 0) throw new InvalidDataException("A stream that leaves its file.");
            _at += read;
            return read;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing) file.Dispose();
            base.Dispose(disposing);
        }
    }
}
