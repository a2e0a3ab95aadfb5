using BlazorAdmin.Features.Documents.Recognition;

namespace BlazorAdmin.Tests.Features.Documents;

public sealed class GrayPictureTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(90, new byte[] { 4, 1, 5, 2, 6, 3 }, 2, 3)]
    [InlineData(180, new byte[] { 6, 5, 4, 3, 2, 1 }, 3, 2)]
    [InlineData(270, new byte[] { 3, 6, 2, 5, 1, 4 }, 2, 3)]
    public void Turn_Clockwise_MovesEachPixel(int degrees, byte[] expected, int width, int height)
    {
        var turned = GrayPicture.Of(3, 2, [1, 2, 3, 4, 5, 6]).Turn(degrees);

        (turned.Width, turned.Height).ShouldBe((width, height));
        turned.Pixels.ShouldBe(expected);
    }

    [Fact]
    public void EnlargeAndSmooth_EvenPicture_StaysEven()
    {
        var picture = GrayPicture.Of(7, 5, [.. Enumerable.Repeat((byte)120, 35)]);

        var large = picture.Enlarge(21).Smooth();

        (large.Width, large.Height).ShouldBe((21, 15));
        large.Pixels.ShouldAllBe(pixel => pixel == 120);
    }

    [Fact]
    public void Flatten_PalePrintInShadow_BecomesDarkOnLight()
    {
        // Paper that darkens to the right, with strokes a little darker than it.
        var pixels = new byte[400 * 200];
        for (var i = 0; i < pixels.Length; i++) pixels[i] = (byte)(220 - i % 400 / 4 - (i % 400 % 20 < 3 ? 30 : 0));

        var flat = GrayPicture.Of(400, 200, pixels).Flatten();

        for (var x = 20; x < 380; x += 20)
        {
            flat.Pixels[100 * 400 + x + 1].ShouldBeLessThan((byte)110);
            flat.Pixels[100 * 400 + x + 10].ShouldBeGreaterThan((byte)180);
        }
    }

    [Fact]
    public async Task WriteAndRead_Picture_AreTheSame()
    {
        var path = Path.Combine(_folder.Path, "a.pgm");
        await GrayPicture.Of(3, 2, [1, 2, 3, 4, 5, 6]).Write(path, CancellationToken.None);

        (await GrayPicture.Read(path, 6, CancellationToken.None)).Pixels.ShouldBe([1, 2, 3, 4, 5, 6]);
        await Should.ThrowAsync<InvalidDataException>(() => GrayPicture.Read(path, 5, CancellationToken.None));
        await File.WriteAllBytesAsync(path, "P5\n30 20\n255\nshort"u8.ToArray());
        await Should.ThrowAsync<InvalidDataException>(() => GrayPicture.Read(path, 1_000, CancellationToken.None));
        await File.WriteAllBytesAsync(path, "P5\n2147483647 2147483647\n255\n"u8.ToArray());
        await Should.ThrowAsync<InvalidDataException>(() => GrayPicture.Read(path, 1_000_000, CancellationToken.None));
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(3, 180)]
    [InlineData(6, 90)]
    [InlineData(8, 270)]
    public void Read_CameraOrientation_IsTheTurn(byte tag, int expected)
    {
        byte[] tiff = [.. "MM\0*"u8, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, tag, 0, 0, 0, 0, 0, 0];
        byte[] exif = [.. "Exif\0\0"u8, .. tiff];
        byte[] jpeg = [0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2, 0xFF, 0xE1, 0, (byte)(exif.Length + 2), .. exif, 0xFF, 0xDA];

        JpegOrientation.Read(new MemoryStream(jpeg)).ShouldBe(expected);
        for (var cut = 2; cut < jpeg.Length; cut++) JpegOrientation.Read(new MemoryStream(jpeg[..cut])).ShouldBeOneOf(0, expected);
    }
}
