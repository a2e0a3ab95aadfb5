using System.Globalization;
using System.Text;

namespace BlazorAdmin.Features.Documents.Recognition;

/// <summary>A grey picture in memory, read from and written as binary PGM (one byte a pixel): what recognition turns, enlarges and smooths.</summary>
internal sealed class GrayPicture
{
    private const double BlackShare = 0.05;
    private const int MostBlack = 220;
    private const int Paper = 250;

    private GrayPicture(int width, int height, byte[] pixels) => (Width, Height, Pixels) = (width, height, pixels);

    public int Width { get; }

    public int Height { get; }

    /// <summary>Row by row from the top left; 0 is black.</summary>
    public byte[] Pixels { get; }

    /// <exception cref="InvalidDataException">No PGM of one byte a pixel, cut off, or more than <paramref name="maxPixels"/>.</exception>
    public static async Task<GrayPicture> Read(string path, long maxPixels, CancellationToken cancel)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 128 << 10, useAsync: true);
        if (Field(file) != "P5" || !int.TryParse(Field(file), CultureInfo.InvariantCulture, out var width) || !int.TryParse(Field(file), CultureInfo.InvariantCulture, out var height)
            || Field(file) != "255" || width <= 0 || height <= 0) throw new InvalidDataException("Not a grey picture of one byte a pixel.");
        if ((long)width * height > maxPixels) throw new InvalidDataException("The picture has too many pixels.");
        var pixels = new byte[width * height];
        if (await file.ReadAtLeastAsync(pixels, pixels.Length, throwOnEndOfStream: false, cancel) < pixels.Length) throw new InvalidDataException("The picture ends too early.");
        return new GrayPicture(width, height, pixels);
    }

    public static GrayPicture Of(int width, int height, byte[] pixels) =>
        pixels.Length == width * height ? new GrayPicture(width, height, pixels) : throw new ArgumentException("Width times height is another number.", nameof(pixels));

    public async Task Write(string path, CancellationToken cancel)
    {
        await using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 128 << 10, useAsync: true);
        await file.WriteAsync(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"P5\n{Width} {Height}\n255\n")), cancel);
        await file.WriteAsync(Pixels, cancel);
    }

    /// <summary>Turned clockwise.</summary>
    /// <param name="degrees">0, 90, 180 or 270.</param>
    public GrayPicture Turn(int degrees)
    {
        if (degrees == 0) return this;
        var turned = new byte[Pixels.Length];
        var (width, height) = degrees == 180 ? (Width, Height) : (Height, Width);
        for (var y = 0; y < Height; y++)
        {
            var row = Pixels.AsSpan(y * Width, Width);
            for (var x = 0; x < row.Length; x++)
            {
                var at = degrees switch
                {
                    90 => x * width + (width - 1 - y),
                    180 => (height - 1 - y) * width + (width - 1 - x),
                    270 => (height - 1 - x) * width + y,
                    _ => throw new ArgumentOutOfRangeException(nameof(degrees)),
                };
                turned[at] = row[x];
            }
        }
        return new GrayPicture(width, height, turned);
    }

    /// <summary>Larger by cubic convolution (Keys 1981, a = -0.5), which keeps strokes sharp.</summary>
    /// <param name="width">At least the present width; the height follows.</param>
    public GrayPicture Enlarge(int width)
    {
        if (width <= Width) return this;
        var height = (int)Math.Round((double)Height * width / Width);
        var wide = new byte[width * Height];
        var (columns, columnWeights) = Taps(Width, width);
        for (var y = 0; y < Height; y++)
        {
            var row = Pixels.AsSpan(y * Width, Width);
            var into = wide.AsSpan(y * width, width);
            for (var x = 0; x < width; x++)
            {
                var at = x * 4;
                into[x] = Byte(row[columns[at]] * columnWeights[at] + row[columns[at + 1]] * columnWeights[at + 1] + row[columns[at + 2]] * columnWeights[at + 2] + row[columns[at + 3]] * columnWeights[at + 3]);
            }
        }
        var large = new byte[width * height];
        var (rows, rowWeights) = Taps(Height, height);
        for (var y = 0; y < height; y++)
        {
            var (a, b, c, d) = (rows[y * 4] * width, rows[y * 4 + 1] * width, rows[y * 4 + 2] * width, rows[y * 4 + 3] * width);
            var (wa, wb, wc, wd) = (rowWeights[y * 4], rowWeights[y * 4 + 1], rowWeights[y * 4 + 2], rowWeights[y * 4 + 3]);
            var into = large.AsSpan(y * width, width);
            for (var x = 0; x < width; x++) into[x] = Byte(wide[a + x] * wa + wide[b + x] * wb + wide[c + x] * wc + wide[d + x] * wd);
        }
        return new GrayPicture(width, height, large);
    }

    /// <summary>Blurred by a binomial kernel of five (about one pixel of deviation): grain and compression marks go, strokes stay.</summary>
    public GrayPicture Smooth()
    {
        var across = new byte[Pixels.Length];
        for (var y = 0; y < Height; y++)
        {
            var row = Pixels.AsSpan(y * Width, Width);
            var into = across.AsSpan(y * Width, Width);
            for (var x = 0; x < Width; x++)
            {
                int l2 = row[Math.Max(0, x - 2)], l1 = row[Math.Max(0, x - 1)], r1 = row[Math.Min(Width - 1, x + 1)], r2 = row[Math.Min(Width - 1, x + 2)];
                into[x] = (byte)((l2 + r2 + 4 * (l1 + r1) + 6 * row[x] + 8) >> 4);
            }
        }
        var smooth = new byte[Pixels.Length];
        for (var y = 0; y < Height; y++)
        {
            var up2 = across.AsSpan(Math.Max(0, y - 2) * Width, Width);
            var up1 = across.AsSpan(Math.Max(0, y - 1) * Width, Width);
            var here = across.AsSpan(y * Width, Width);
            var down1 = across.AsSpan(Math.Min(Height - 1, y + 1) * Width, Width);
            var down2 = across.AsSpan(Math.Min(Height - 1, y + 2) * Width, Width);
            var into = smooth.AsSpan(y * Width, Width);
            for (var x = 0; x < Width; x++) into[x] = (byte)((up2[x] + down2[x] + 4 * (up1[x] + down1[x]) + 6 * here[x] + 8) >> 4);
        }
        return new GrayPicture(Width, Height, smooth);
    }

    /// <summary>
    /// Divides by the brightness of the paper around each pixel, so that shadows and creases go, then makes the darkest 5 % black, so that pale print
    /// stands out: on a slip with one black mark a threshold over all of it would drop the letters.
    /// </summary>
    public GrayPicture Flatten()
    {
        var cell = Math.Max(8, Width / 48);
        var (across, down) = ((Width + cell - 1) / cell, (Height + cell - 1) / cell);
        var paper = new byte[across * down];
        Span<int> counts = stackalloc int[256];
        for (var row = 0; row < down; row++)
        {
            for (var column = 0; column < across; column++) paper[row * across + column] = Bright(column * cell, row * cell, cell, counts);
        }
        var flat = new byte[Pixels.Length];
        for (var y = 0; y < Height; y++)
        {
            var (top, below, share) = Between(y, cell, down);
            for (var x = 0; x < Width; x++)
            {
                var (left, right, part) = Between(x, cell, across);
                var light = (paper[top * across + left] * (256 - part) + paper[top * across + right] * part) * (256 - share)
                    + (paper[below * across + left] * (256 - part) + paper[below * across + right] * part) * share;
                flat[y * Width + x] = (byte)Math.Min(255, Pixels[y * Width + x] * (long)Paper * 65536 / Math.Max(1, light));
            }
        }
        return new GrayPicture(Width, Height, Stretch(flat));
    }

    private static byte[] Stretch(byte[] pixels)
    {
        var counts = new int[256];
        foreach (var pixel in pixels) counts[pixel]++;
        var below = (long)(pixels.Length * BlackShare);
        var black = 0;
        while (black < MostBlack && (below -= counts[black]) > 0) black++;
        var map = new byte[256];
        for (var value = 0; value < 256; value++) map[value] = (byte)Math.Clamp((value - black) * 255 / (Paper - black), 0, 255);
        for (var i = 0; i < pixels.Length; i++) pixels[i] = map[pixels[i]];
        return pixels;
    }

    private byte Bright(int left, int top, int cell, Span<int> counts)
    {
        counts.Clear();
        var total = 0;
        // The cells around as well, so that one full of ink still finds paper.
        for (var y = Math.Max(0, top - cell); y < Math.Min(Height, top + 2 * cell); y += 2)
        {
            for (var x = Math.Max(0, left - cell); x < Math.Min(Width, left + 2 * cell); x += 2, total++) counts[Pixels[y * Width + x]]++;
        }
        var above = total / 8;
        for (var value = 255; value > 0; value--)
        {
            if ((above -= counts[value]) < 0) return (byte)value;
        }
        return 1;
    }

    /// <summary>The two cells between whose centres a pixel lies, and how near it is to the second (0 to 256).</summary>
    private static (int First, int Second, int Share) Between(int at, int cell, int cells)
    {
        var place = at - cell / 2;
        if (place <= 0) return (0, 0, 0);
        var first = Math.Min(cells - 1, place / cell);
        return (first, Math.Min(cells - 1, first + 1), (place - first * cell) * 256 / cell);
    }

    private static (int[] Places, float[] Weights) Taps(int from, int to)
    {
        var places = new int[to * 4];
        var weights = new float[to * 4];
        for (var i = 0; i < to; i++)
        {
            var centre = (i + 0.5) * from / to - 0.5;
            var first = (int)Math.Floor(centre) - 1;
            for (var tap = 0; tap < 4; tap++)
            {
                places[i * 4 + tap] = Math.Clamp(first + tap, 0, from - 1);
                weights[i * 4 + tap] = (float)Cubic(Math.Abs(centre - (first + tap)));
            }
        }
        return (places, weights);
    }

    private static double Cubic(double x) => x < 1 ? (1.5 * x - 2.5) * x * x + 1 : x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0;

    private static byte Byte(float value) => value <= 0 ? (byte)0 : value >= 255 ? (byte)255 : (byte)(value + 0.5f);

    private static string Field(Stream file)
    {
        var text = new StringBuilder();
        int read;
        while ((read = file.ReadByte()) > ' ' && text.Length < 20) text.Append((char)read);
        return text.ToString();
    }
}
