using System.Buffers.Binary;
using System.IO.Compression;
using BlazorAdmin.Features.Documents.Recognition;

namespace BlazorAdmin.Tests.Features.Documents;

/// <summary>Makes picture files, harmless and not.</summary>
internal static class Pictures
{
    /// <summary>An uncompressed grey TIFF of several pages.</summary>
    public static byte[] Tiff(params GrayPicture[] pages)
    {
        using var file = new MemoryStream();
        using var writer = new BinaryWriter(file);
        writer.Write("II*\0"u8);
        var link = file.Position;
        writer.Write(0);
        foreach (var page in pages)
        {
            var data = (uint)file.Position;
            writer.Write(page.Pixels);
            if (file.Position % 2 == 1) writer.Write((byte)0);
            Link(file, writer, link);
            link = Directory(writer, (uint)page.Width, (uint)page.Height, data, (uint)page.Pixels.Length);
        }
        return file.ToArray();
    }

    /// <summary>A TIFF whose directories claim any size, all over the same few bytes.</summary>
    public static byte[] TiffClaiming(uint width, uint height, int pages = 1)
    {
        using var file = new MemoryStream();
        using var writer = new BinaryWriter(file);
        writer.Write("II*\0"u8);
        var link = file.Position;
        writer.Write(0);
        for (var page = 0; page < pages; page++)
        {
            Link(file, writer, link);
            link = Directory(writer, width, height, 8, 1);
        }
        return file.ToArray();
    }

    public static byte[] BmpClaiming(int width, int height)
    {
        var bytes = new byte[54 + 64];
        "BM"u8.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(10), 54);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(14), 40);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(18), width);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(22), height);
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(26), 1);
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(28), 24);
        return bytes;
    }

    /// <summary>A white grey PNG with a tEXt chunk.</summary>
    public static byte[] Png(int width, int height, string? keyword = null, string? value = null)
    {
        using var file = new MemoryStream();
        file.Write([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]);
        var head = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(head, width);
        BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(4), height);
        head[8] = 8;
        Chunk(file, "IHDR"u8, head);
        if (keyword is not null) Chunk(file, "tEXt"u8, Zips.Bytes($"{keyword}\0{value}"));
        using var packed = new MemoryStream();
        using (var zip = new ZLibStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            var row = new byte[width + 1];
            Array.Fill(row, (byte)255, 1, width);
            for (var y = 0; y < height; y++) zip.Write(row);
        }
        Chunk(file, "IDAT"u8, packed.ToArray());
        Chunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    /// <summary>A GIF of one pixel with so many frames.</summary>
    public static byte[] Gif(int frames)
    {
        using var file = new MemoryStream();
        file.Write([.. "GIF89a"u8, 1, 0, 1, 0, 0x80, 0, 0, 255, 255, 255, 0, 0, 0]);
        for (var frame = 0; frame < frames; frame++) file.Write([0x21, 0xF9, 4, 0, 1, 0, 0, 0, 0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0]);
        file.WriteByte(0x3B);
        return file.ToArray();
    }

    private static void Chunk(Stream file, ReadOnlySpan<byte> kind, byte[] data)
    {
        byte[] body = [.. kind, .. data];
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        file.Write(body);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc(body));
        file.Write(number);
    }

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = 0xFFFFFFFFu;
        foreach (var one in bytes)
        {
            crc ^= one;
            for (var bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ ((crc & 1) == 1 ? 0xEDB88320u : 0);
        }
        return ~crc;
    }

    private static void Link(MemoryStream file, BinaryWriter writer, long link)
    {
        var here = file.Position;
        file.Position = link;
        writer.Write((uint)here);
        file.Position = here;
    }

    private static long Directory(BinaryWriter writer, uint width, uint height, uint data, uint bytes)
    {
        (ushort Tag, uint Value)[] entries = [(256, width), (257, height), (258, 8), (259, 1), (262, 1), (273, data), (277, 1), (278, height), (279, bytes)];
        writer.Write((ushort)entries.Length);
        foreach (var (tag, value) in entries)
        {
            writer.Write(tag);
            writer.Write((ushort)4);
            writer.Write(1u);
            writer.Write(value);
        }
        var next = writer.BaseStream.Position;
        writer.Write(0);
        return next;
    }
}
