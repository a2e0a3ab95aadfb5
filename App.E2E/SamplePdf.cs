using System.Globalization;
using System.Text;

namespace BlazorAdmin.E2E;

/// <summary>Small PDF files written by hand: with text, or as scans whose pages are pictures.</summary>
public static class SamplePdf
{
    /// <summary>One page for each text.</summary>
    public static byte[] WithText(params string[] pages) => Build(pages.Length, (pdf, page) =>
    {
        var content = pdf.Stream($"BT /F1 18 Tf 72 720 Td ({pages[page]}) Tj ET");
        return $"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {content} 0 R /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>";
    });

    /// <summary>Pages without any text, each a picture of <paramref name="word"/> in block letters: slow to read.</summary>
    public static byte[] Scanned(int pages, string word = "HELLO") => Build(pages, (pdf, page) =>
    {
        const int width = 1240, height = 1754;
        var picture = pdf.Stream(Letters(word, width, height, page), $"/Type /XObject /Subtype /Image /Width {width} /Height {height} /ColorSpace /DeviceGray /BitsPerComponent 8");
        var content = pdf.Stream("q 595 0 0 842 0 0 cm /I Do Q");
        return $"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {content} 0 R /Resources << /XObject << /I {picture} 0 R >> >> >>";
    });

    private static byte[] Build(int pages, Func<Writer, int, string> page)
    {
        var pdf = new Writer();
        var kids = Enumerable.Range(0, pages).Select(number => pdf.Add(page(pdf, number))).ToList();
        return pdf.Finish($"<< /Type /Pages /Kids [{string.Join(' ', kids.Select(k => $"{k} 0 R"))}] /Count {pages} >>");
    }

    // Five by seven dots a letter; every page a little different, so that no two have the same content.
    private static byte[] Letters(string word, int width, int height, int page)
    {
        var grey = new byte[width * height];
        Array.Fill(grey, (byte)255);
        const int dot = 12;
        for (var line = 0; line < 10; line++)
        {
            for (var index = 0; index < word.Length; index++)
            {
                var rows = Font[word[index]];
                for (var y = 0; y < 7; y++)
                    for (var x = 0; x < 5; x++)
                        if ((rows[y] >> (4 - x) & 1) == 1)
                            Fill(grey, width, 100 + page % 40 + (index * 6 + x) * dot, 120 + line * 150 + y * dot, dot);
            }
        }

        return grey;
    }

    private static void Fill(byte[] grey, int width, int left, int top, int size)
    {
        for (var y = top; y < top + size; y++) grey.AsSpan(y * width + left, size).Clear();
    }

    private static readonly Dictionary<char, byte[]> Font = new()
    {
        ['H'] = [0x11, 0x11, 0x11, 0x1f, 0x11, 0x11, 0x11],
        ['E'] = [0x1f, 0x10, 0x10, 0x1e, 0x10, 0x10, 0x1f],
        ['L'] = [0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x1f],
        ['O'] = [0x0e, 0x11, 0x11, 0x11, 0x11, 0x11, 0x0e],
    };

    private sealed class Writer
    {
        private readonly MemoryStream _bytes = new();
        private readonly List<long> _offsets = [0, 0];

        public Writer() => Write("%PDF-1.4\n");

        public int Add(string body)
        {
            _offsets.Add(_bytes.Position);
            Write($"{_offsets.Count} 0 obj\n{body}\nendobj\n");
            return _offsets.Count;
        }

        public int Stream(string content, string dictionary = "") => Stream(Encoding.Latin1.GetBytes(content), dictionary);

        public int Stream(byte[] content, string dictionary = "")
        {
            _offsets.Add(_bytes.Position);
            Write($"{_offsets.Count} 0 obj\n<< {dictionary} /Length {content.Length} >>\nstream\n");
            _bytes.Write(content);
            Write("\nendstream\nendobj\n");
            return _offsets.Count;
        }

        public byte[] Finish(string pages)
        {
            _offsets[0] = _bytes.Position;
            Write("1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n");
            _offsets[1] = _bytes.Position;
            Write($"2 0 obj\n{pages}\nendobj\n");
            var table = _bytes.Position;
            Write($"xref\n0 {_offsets.Count + 1}\n0000000000 65535 f \n");
            foreach (var offset in _offsets) Write(offset.ToString("0000000000", CultureInfo.InvariantCulture) + " 00000 n \n");
            Write($"trailer\n<< /Size {_offsets.Count + 1} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n");
            return _bytes.ToArray();
        }

        private void Write(string text) => _bytes.Write(Encoding.Latin1.GetBytes(text));
    }
}
