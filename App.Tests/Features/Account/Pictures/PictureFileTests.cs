using System.Buffers.Binary;
using System.Text;
using BlazorAdmin.Features.Account.Pictures;

namespace BlazorAdmin.Tests.Features.Account.Pictures;

public sealed class PictureFileTests
{
    internal static byte[] Png(int width, int height, byte[]? extra = null, byte[]? after = null)
    {
        using var file = new MemoryStream();
        file.Write([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]);
        var head = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(head, width);
        BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(4), height);
        (head[8], head[9]) = (8, 2);
        Chunk(file, "IHDR", head);
        if (extra is not null) Chunk(file, "eXIf", extra);
        Chunk(file, "IDAT", [1, 2, 3]);
        Chunk(file, "IEND", []);
        file.Write(after ?? []);
        return file.ToArray();
    }

    private static void Chunk(Stream file, string type, byte[] data)
    {
        var length = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, data.Length);
        file.Write(length);
        file.Write(Encoding.ASCII.GetBytes(type));
        file.Write(data);
        file.Write(new byte[4]);
    }

    private static byte[] Jpeg(int width, int height, string exif) =>
    [
        0xFF, 0xD8, .. Segment(0xE0, [.. "JFIF\0"u8, 1, 1, 0, 0, 1, 0, 1, 0, 0]), .. Segment(0xE1, [.. "Exif\0\0"u8, .. Encoding.ASCII.GetBytes(exif)]), .. Segment(0xFE, [.. "made by"u8]),
        .. Segment(0xC0, [8, (byte)(height >> 8), (byte)height, (byte)(width >> 8), (byte)width, 1, 1, 0x11, 0]), .. Segment(0xDA, [1, 1, 0, 0, 63, 0]), 1, 2, 3, 0xFF, 0xD9,
    ];

    private static byte[] Segment(byte marker, byte[] data) => [0xFF, marker, (byte)((data.Length + 2) >> 8), (byte)(data.Length + 2), .. data];

    private static byte[] WebP(int width, int height, bool exif)
    {
        byte[] extended = [(byte)(exif ? 0x08 : 0), 0, 0, 0, (byte)(width - 1), (byte)((width - 1) >> 8), 0, (byte)(height - 1), (byte)((height - 1) >> 8), 0];
        byte[] chunks = [.. Part("VP8X", extended), .. Part("VP8L", [0x2F, 0, 0, 0, 0, 0]), .. exif ? Part("EXIF", [.. "Berlin"u8]) : []];
        var size = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(size, chunks.Length + 4);
        return [.. "RIFF"u8, .. size, .. "WEBP"u8, .. chunks];
    }

    private static byte[] Part(string type, byte[] data)
    {
        var length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, data.Length);
        return [.. Encoding.ASCII.GetBytes(type), .. length, .. data, .. new byte[data.Length & 1]];
    }

    [Fact]
    public void Read_EachKind_KnowsSizeAndDropsWhatIsNoImage()
    {
        var (_, png) = PictureFile.Read(Png(640, 480, Encoding.ASCII.GetBytes("taken in Berlin"), Encoding.ASCII.GetBytes("<script>alert(1)</script>")));
        var (_, jpeg) = PictureFile.Read(Jpeg(300, 200, "taken in Berlin"));
        var (_, webp) = PictureFile.Read(WebP(1024, 7, exif: true));

        (png!.ContentType, png.Width, png.Height).ShouldBe(("image/png", 640, 480));
        (jpeg!.ContentType, jpeg.Width, jpeg.Height).ShouldBe(("image/jpeg", 300, 200));
        (webp!.ContentType, webp.Width, webp.Height).ShouldBe(("image/webp", 1024, 7));
        foreach (var picture in new[] { png, jpeg, webp })
        {
            Encoding.Latin1.GetString(picture.Data).ShouldNotContain("Berlin");
            Encoding.Latin1.GetString(picture.Data).ShouldNotContain("script");
            // What is kept is a picture of the same kind and size, and nothing more can be taken from it.
            var (fault, again) = PictureFile.Read(picture.Data);
            fault.ShouldBe(PictureFault.None);
            again!.Data.ShouldBe(picture.Data);
            (again.Width, again.Height).ShouldBe((picture.Width, picture.Height));
        }
    }

    [Fact]
    public void Read_Refused_SaysWhy()
    {
        PictureFile.Read(Png(1025, 10)).Fault.ShouldBe(PictureFault.TooManyPixels);
        PictureFile.Read(Png(10, 100_000)).Fault.ShouldBe(PictureFault.TooManyPixels);
        PictureFile.Read(new byte[PictureFile.MostBytes + 1]).Fault.ShouldBe(PictureFault.TooLarge);
        PictureFile.Read(Png(0, 10)).Fault.ShouldBe(PictureFault.NotAPicture);
        foreach (var text in (string[])["", "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "GIF89a", "MZ", "%PDF-1.7", "PK\u0003\u0004", "RIFF....WEBP"])
            PictureFile.Read(Encoding.Latin1.GetBytes(text)).Fault.ShouldBe(PictureFault.NotAPicture, text);
    }

    [Fact]
    public void Read_BrokenOffOrFlipped_NeverFails()
    {
        foreach (var file in new[] { Png(64, 64, [1, 2, 3]), Jpeg(64, 64, "x"), WebP(64, 64, exif: true) })
        {
            for (var length = 0; length < file.Length; length++) PictureFile.Read(file.AsSpan(0, length)).Picture.ShouldBeNull($"cut to {length} of {file.Length}");
            for (var at = 0; at < file.Length; at++)
            {
                var flipped = file.ToArray();
                flipped[at] ^= 0xFF;
                Should.NotThrow(() => PictureFile.Read(flipped));
            }
        }
    }
}
