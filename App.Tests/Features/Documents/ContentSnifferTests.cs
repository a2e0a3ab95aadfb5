using System.Text;
using BlazorAdmin.Features.Documents.Reading;

namespace BlazorAdmin.Tests.Features.Documents;

public sealed class ContentSnifferTests
{
    public static TheoryData<string, byte[], ContentType> Heads => new()
    {
        { "lie.txt", Zips.Bytes("%PDF-1.7\n"), ContentType.Pdf },
        { "a.pdf", Zips.Bytes("\n  %PDF-1.4 after some bytes"), ContentType.Pdf },
        { "a.pdf", Zips.Bytes("MZ" + new string('\0', 100)), ContentType.Executable },
        { "a.pdf", [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1], ContentType.Executable },
        { "photo.pdf", [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0], ContentType.Png },
        { "a", [0xFF, 0xD8, 0xFF, 0xE0], ContentType.Jpeg },
        { "a", Zips.Bytes("GIF89a"), ContentType.Gif },
        { "a", Zips.Bytes("II*\0\u0008\0\0\0"), ContentType.Tiff },
        { "a", Zips.Bytes("RIFF\0\0\0\0WEBPVP8 "), ContentType.WebP },
        { "a", Zips.Bytes(@"{\rtf1 x}"), ContentType.Rtf },
        { "a", [0x1F, 0x8B, 8], ContentType.Gzip },
        { "a.txt", Zips.Bytes("<!-- licence -->\n<HTML><body>x"), ContentType.Html },
        { "a.txt", Zips.Bytes("<?xml version=\"1.0\"?><note/>"), ContentType.Xml },
        { "a.png", Zips.Bytes("<svg xmlns=\"http://www.w3.org/2000/svg\"><script>1</script></svg>"), ContentType.Svg },
        { "mail", Zips.Bytes("From: a@example.org\nTo: b@example.org\nSubject: x\n\nHello"), ContentType.Email },
        { "notes.md", Zips.Bytes("just text"), ContentType.Markdown },
        { "notes", Zips.Bytes("# Title\n\nSee [this](http://example.org) and **that**.\n"), ContentType.Markdown },
        { "data", Zips.Bytes("a;b;c\n1;2;3\n4;5;6\n"), ContentType.Csv },
        { "letter", Zips.Bytes("Dear all,\nwe meet at ten.\nRegards"), ContentType.Text },
        { "utf16", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes("Grüße")], ContentType.Text },
        { "latin1", Encoding.Latin1.GetBytes("Grüße aus Köln, liebe Müllers"), ContentType.Text },
        { "noise", [0, 1, 2, 3, 250, 251, 252, 0, 0, 7, 9, 200], ContentType.Unknown },
        { "nothing.pdf", [], ContentType.Empty },
        { "plain.docx", Zips.Of(("readme.txt", [65])), ContentType.Zip },
        { "x.zip", Zips.Word("Hello"), ContentType.Docx },
        { "x.zip", Zips.Of(("mimetype", Zips.Bytes("application/vnd.oasis.opendocument.text")), ("content.xml", [65])), ContentType.Odt },
        { "x.zip", Zips.Of(("mimetype", Zips.Bytes("application/epub+zip"))), ContentType.Epub },
        { "cut.docx", Zips.Word("Hello")[..300], ContentType.Docx },
    };

    [Theory]
    [MemberData(nameof(Heads), DisableDiscoveryEnumeration = true)]
    public void Detect_Bytes_GoesByContent(string name, byte[] bytes, ContentType expected) =>
        ContentSniffer.Detect(new MemoryStream(bytes), name).ShouldBe(expected);

    [Theory]
    [InlineData("Straße in Köln")]
    [InlineData("日本語のテキスト")]
    public void Decode_AnyUnicodeForm_GivesTheText(string text)
    {
        TextDecoding.Decode(Encoding.UTF8.GetBytes(text)).ShouldBe(text);
        TextDecoding.Decode([0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(text)]).ShouldBe(text);
        TextDecoding.Decode([0xFF, 0xFE, .. Encoding.Unicode.GetBytes(text)]).ShouldBe(text);
        TextDecoding.Decode([0xFE, 0xFF, .. Encoding.BigEndianUnicode.GetBytes(text)]).ShouldBe(text);
    }

    [Fact]
    public void Cut_LongText_LosesNoWord()
    {
        var text = string.Join("\n\n", Enumerable.Range(0, 4_000).Select(i => $"Paragraph number {i}."));

        var sections = Sections.Cut(text);

        sections.Count.ShouldBeGreaterThan(3);
        sections.ShouldAllBe(section => section.Length <= Sections.Characters);
        string.Join("\n\n", sections).ShouldBe(text);
        string.Concat(Sections.Cut(new string('x', 100_000))).ShouldBe(new string('x', 100_000));
    }
}
