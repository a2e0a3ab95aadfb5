using System.Buffers.Binary;
using System.Text;

namespace BlazorAdmin.Features.Documents.Reading;

/// <summary>Reads the directory of a compound file (OLE2, [MS-CFB]) far enough to say what it holds.</summary>
internal static class CompoundFile
{
    private const int HeaderBytes = 512;
    private const int EntryBytes = 128;
    private const int MaxDirectorySectors = 256;

    public static ReadOnlySpan<byte> Magic => [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

    public static ContentType Detect(Stream file)
    {
        var names = Names(file);
        if (names.Contains("EncryptedPackage") || names.Contains("EncryptionInfo")) return ContentType.EncryptedOffice;
        if (names.Contains("WordDocument")) return ContentType.Doc;
        if (names.Contains("Workbook") || names.Contains("Book")) return ContentType.Xls;
        if (names.Contains("PowerPoint Document")) return ContentType.Ppt;
        return names.Any(name => name.StartsWith("__properties_version1", StringComparison.Ordinal)) ? ContentType.OutlookMessage : ContentType.CompoundFile;
    }

    private static HashSet<string> Names(Stream file)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var header = new byte[HeaderBytes];
        file.Position = 0;
        if (file.ReadAtLeast(header, HeaderBytes, throwOnEndOfStream: false) < HeaderBytes) return names;
        var shift = BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(30));
        if (shift is not (9 or 12)) return names;
        var size = 1 << shift;
        var sector = BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(48));
        var bytes = new byte[size];
        // Bounded, so that a chain that runs in a circle ends too.
        for (var read = 0; read < MaxDirectorySectors && ReadSector(file, sector, bytes); read++)
        {
            for (var entry = 0; entry < size; entry += EntryBytes)
            {
                var length = BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(entry + 64));
                if (length is >= 4 and <= 64) names.Add(Encoding.Unicode.GetString(bytes, entry, length - 2));
            }
            sector = Next(file, header, sector, size);
        }
        return names;
    }

    private static uint Next(Stream file, byte[] header, uint sector, int size)
    {
        var perSector = (uint)size / 4;
        var index = sector / perSector;
        // The first 109 allocation sectors stand in the header: 7 MB of file at least, far beyond any directory start.
        if (index >= 109) return uint.MaxValue;
        var allocation = BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(76 + (int)index * 4));
        var bytes = new byte[size];
        return ReadSector(file, allocation, bytes) ? BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan((int)(sector % perSector) * 4)) : uint.MaxValue;
    }

    private static bool ReadSector(Stream file, uint sector, byte[] into)
    {
        var position = ((long)sector + 1) * into.Length;
        if (sector >= 0xFFFFFFF0 || position + into.Length > file.Length) return false;
        file.Position = position;
        return file.ReadAtLeast(into, into.Length, throwOnEndOfStream: false) == into.Length;
    }
}
