using System.Text;

namespace BlazorAdmin.Tests.Features.Documents.Formats;

/// <summary>Writes compound files ([MS-CFB], version 3) as Outlook does, with small streams in the small place and large ones in sectors.</summary>
internal sealed class CompoundFiles
{
    private const int Sector = 512, Cutoff = 4_096;
    private const uint End = 0xFFFFFFFE, Free = 0xFFFFFFFF, Table = 0xFFFFFFFD;
    private readonly List<(string Name, byte Kind, uint Right, uint Child, uint Start, int Size)> _entries = [];
    private readonly List<byte> _mini = [];
    private readonly List<uint> _miniNext = [];
    private readonly List<byte[]> _sectors = [];
    private readonly List<uint> _next = [];

    /// <param name="root">Names to bytes, or to another such tree.</param>
    public static byte[] Of(IReadOnlyDictionary<string, object> root)
    {
        var file = new CompoundFiles();
        file._entries.Add(("Root Entry", 5, Free, Free, End, 0));
        var child = file.Add(root);
        var mini = file.Chain([.. file._mini]);
        file._entries[0] = ("Root Entry", 5, Free, child, mini, file._mini.Count);
        return file.Whole();
    }

    /// <summary>A mail as Outlook saves it.</summary>
    public static Dictionary<string, object> Mail(string subject, string from, string body, params Dictionary<string, object>[] attachments)
    {
        var mail = new Dictionary<string, object>
        {
            ["__properties_version1.0"] = Properties(32, (0x0039, 0x0040, new DateTime(2024, 3, 5, 8, 30, 0, DateTimeKind.Utc).ToFileTimeUtc())),
            ["__substg1.0_001A001F"] = Wide("IPM.Note"),
            ["__substg1.0_0037001F"] = Wide(subject),
            ["__substg1.0_0C1A001F"] = Wide(from),
            ["__substg1.0_5D01001F"] = Wide(from.ToLowerInvariant() + "@example.org"),
            ["__substg1.0_0E04001F"] = Wide("Büro; Lager"),
            ["__substg1.0_1000001F"] = Wide(body),
        };
        for (var i = 0; i < attachments.Length; i++) mail[$"__attach_version1.0_#{i:X8}"] = attachments[i];
        return mail;
    }

    public static Dictionary<string, object> File(string name, byte[] content) => new()
    {
        ["__properties_version1.0"] = Properties(8, (0x3705, 0x0003, 1)), ["__substg1.0_3707001F"] = Wide(name), ["__substg1.0_37010102"] = content,
    };

    /// <summary>A mail in a mail.</summary>
    public static Dictionary<string, object> Inner(Dictionary<string, object> mail)
    {
        // Its own properties begin earlier than those of the mail outside.
        var inner = new Dictionary<string, object>(mail) { ["__properties_version1.0"] = ((byte[])mail["__properties_version1.0"])[8..] };
        return new() { ["__properties_version1.0"] = Properties(8, (0x3705, 0x0003, 5)), ["__substg1.0_3001001F"] = Wide("inner"), ["__substg1.0_3701000D"] = inner };
    }

    public static byte[] Wide(string text) => Encoding.Unicode.GetBytes(text);

    public static byte[] Properties(int from, params (int Id, int Type, long Value)[] values)
    {
        var bytes = new byte[from + values.Length * 16];
        for (var i = 0; i < values.Length; i++)
        {
            BitConverter.TryWriteBytes(bytes.AsSpan(from + i * 16), (ushort)values[i].Type);
            BitConverter.TryWriteBytes(bytes.AsSpan(from + i * 16 + 2), (ushort)values[i].Id);
            BitConverter.TryWriteBytes(bytes.AsSpan(from + i * 16 + 8), values[i].Value);
        }
        return bytes;
    }

    private uint Add(IReadOnlyDictionary<string, object> storage)
    {
        var right = Free;
        foreach (var (name, value) in storage.Reverse())
        {
            var (child, start, size) = (Free, 0u, 0);
            if (value is byte[] bytes) (start, size) = (bytes.Length >= Cutoff ? Chain(bytes) : Small(bytes), bytes.Length);
            else child = Add((IReadOnlyDictionary<string, object>)value);
            _entries.Add((name, value is byte[]? (byte)2 : (byte)1, right, child, start, size));
            right = (uint)_entries.Count - 1;
        }
        return right;
    }

    private uint Small(byte[] bytes)
    {
        if (bytes.Length == 0) return End;
        var start = (uint)_miniNext.Count;
        for (var at = 0; at < bytes.Length; at += 64)
        {
            _mini.AddRange(bytes.AsSpan(at, Math.Min(64, bytes.Length - at)));
            while (_mini.Count % 64 != 0) _mini.Add(0);
            _miniNext.Add((uint)_miniNext.Count + 1);
        }
        _miniNext[^1] = End;
        return start;
    }

    private uint Chain(byte[] bytes)
    {
        if (bytes.Length == 0) return End;
        var start = (uint)_sectors.Count;
        for (var at = 0; at < bytes.Length; at += Sector)
        {
            var sector = new byte[Sector];
            bytes.AsSpan(at, Math.Min(Sector, bytes.Length - at)).CopyTo(sector);
            _sectors.Add(sector);
            _next.Add((uint)_next.Count + 1);
        }
        _next[^1] = End;
        return start;
    }

    private byte[] Whole()
    {
        var directory = new byte[(_entries.Count * 128 + Sector - 1) / Sector * Sector];
        for (var i = 0; i < _entries.Count; i++)
        {
            var entry = _entries[i];
            var at = directory.AsSpan(i * 128, 128);
            Encoding.Unicode.GetBytes(entry.Name).CopyTo(at);
            BitConverter.TryWriteBytes(at[64..], (ushort)((entry.Name.Length + 1) * 2));
            at[66] = entry.Kind;
            BitConverter.TryWriteBytes(at[68..], Free);
            BitConverter.TryWriteBytes(at[72..], entry.Right);
            BitConverter.TryWriteBytes(at[76..], entry.Child);
            BitConverter.TryWriteBytes(at[116..], entry.Start);
            BitConverter.TryWriteBytes(at[120..], entry.Size);
        }
        var names = Chain(directory);
        var small = Chain([.. _miniNext.SelectMany(BitConverter.GetBytes)]);
        var tables = 1;
        while (tables * 128 < _sectors.Count + tables) tables++;
        var first = _sectors.Count;
        for (var i = 0; i < tables; i++) _next.Add(Table);
        while (_next.Count < tables * 128) _next.Add(Free);
        var header = new byte[Sector];
        byte[] magic = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
        magic.CopyTo(header, 0);
        foreach (var (at, value) in new (int, ushort)[] { (24, 0x3E), (26, 3), (28, 0xFFFE), (30, 9), (32, 6) }) BitConverter.TryWriteBytes(header.AsSpan(at), value);
        foreach (var (at, value) in new (int, uint)[] { (44, (uint)tables), (48, names), (56, Cutoff), (60, small), (64, (uint)(_miniNext.Count * 4 + Sector - 1) / Sector), (68, End) }) BitConverter.TryWriteBytes(header.AsSpan(at), value);
        for (var i = 0; i < 109; i++) BitConverter.TryWriteBytes(header.AsSpan(76 + i * 4), i < tables ? (uint)(first + i) : Free);
        return [.. header, .. _sectors.SelectMany(sector => sector), .. _next.SelectMany(BitConverter.GetBytes)];
    }
}
