using System.Text;
using BlazorAdmin.Features.Documents.Reading;

namespace BlazorAdmin.Tests.Features.Documents;

/// <param name="File">Name as the sender gives it.</param>
/// <param name="Outcomes">Those that are right; each is a named state.</param>
/// <param name="Reason">Key of the reason; null: any.</param>
internal sealed record Attack(string File, Func<string, byte[]> Make, ReadOutcome[] Outcomes, string? Reason = null)
{
    /// <summary>Changes the limits, where the limit is the point.</summary>
    public Action<ReadingOptions>? Options { get; init; }

    /// <summary>What a reader must still find.</summary>
    public string? Contains { get; init; }
}

/// <summary>The hostile inputs that concern documents, each made here. They get the address of a server that nothing may ask.</summary>
internal static class AttackInputs
{
    private const string Entity = "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>";
    private static readonly ReadOutcome[] Refused = [ReadOutcome.Suspicious];
    private static readonly ReadOutcome[] Safe = [ReadOutcome.Ready, ReadOutcome.NoText, ReadOutcome.Damaged, ReadOutcome.Unsupported];

    public static IReadOnlyDictionary<string, Attack> All { get; } = new Dictionary<string, Attack>
    {
        ["picture of 1 x 500 million pixels"] = new("a.png", _ => [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, .. "IHDR"u8, 0, 0, 0, 1, 0x1D, 0xCD, 0x65, 0x00, 8, 2, 0, 0, 0, 0, 0, 0, 0], [ReadOutcome.TooLarge], "PictureTooLarge"),
        ["BMP of 65,535 squared"] = new("a.bmp", _ => Pictures.BmpClaiming(65_535, 65_535), [ReadOutcome.TooLarge], "PictureTooLarge"),
        ["TIFF of 65,535 squared"] = new("a.tif", _ => Pictures.TiffClaiming(65_535, 65_535), [ReadOutcome.TooLarge], "PictureTooLarge"),
        ["TIFF of 10,000 pages"] = new("a.tif", _ => Pictures.TiffClaiming(10, 10, 10_000), [ReadOutcome.TooManyPages], "TooManyPages"),
        ["GIF of 100,000 frames"] = new("a.gif", _ => Pictures.Gif(100_000), [ReadOutcome.NoText, ReadOutcome.Damaged]),
        ["PNG with a profile to read"] = new("a.png", _ => Pictures.Png(300, 200, "profile", "/etc/passwd"), [ReadOutcome.NoText]),
        ["SVG with files and addresses"] = new("a.svg", server => Text($"<svg xmlns=\"http://www.w3.org/2000/svg\"><image href=\"file:///etc/passwd\"/><image href=\"{server}\"/><script>x</script></svg>"), [ReadOutcome.Unsupported]),
        ["SVG with an entity"] = new("a.svg", _ => Text($"<?xml version=\"1.0\"?>{Entity}<svg xmlns=\"http://www.w3.org/2000/svg\"><text>&e;</text></svg>"), [ReadOutcome.Unsupported, ReadOutcome.Suspicious]),
        ["EPUB that climbs out"] = new("a.epub", _ => Epub(("../../../outside.xhtml", Text("x"))), Refused, "ArchivePathOutside"),
        ["DOCX that climbs out"] = new("a.docx", _ => Zips.Word("x", ("word/../../outside.xml", [1])), Refused, "ArchivePathOutside"),
        ["archives in archives"] = new("a.docx", _ => Zips.Word("x", ("word/embeddings/a.zip", Nested(8))), Refused, "ArchiveTooDeep"),
        ["packed stream instead of a document"] = new("a.docx", _ => [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0], [ReadOutcome.Unsupported]),
        ["archive of 100,000 members"] = new("a.docx", _ => Zips.Word("x", [.. Enumerable.Range(0, 100_000).Select(i => ($"p/{i}", Array.Empty<byte>()))]), Refused, "ArchiveTooManyEntries"),
        ["two members of one name"] = new("a.docx", _ => Zips.Word("x", ("word/a.xml", [1]), ("word/a.xml", [2])), Refused, "ArchiveDuplicateNames"),
        ["PDF of 5,000 pages"] = new("a.pdf", _ => Pdfs.Of([.. Enumerable.Repeat("x", 5_000)]), [ReadOutcome.TooManyPages], "TooManyPages"),
        ["PDF whose pages are their own parents"] = new("a.pdf", _ => Replaced(Pdfs.Of("looping"), "/Kids [4 0 R]", "/Kids [2 0 R]"), [ReadOutcome.Damaged, ReadOutcome.NoText, ReadOutcome.Empty, ReadOutcome.TooManyPages]),
        ["PDF whose content is itself"] = new("a.pdf", _ => Replaced(Pdfs.Of("looping"), "/Contents 5 0 R", "/Contents 4 0 R"), [ReadOutcome.Damaged, ReadOutcome.NoText]),
        ["one line of text over the limit"] = new("a.txt", _ => Text(new string('x', 3 << 20)), [ReadOutcome.TooLarge], "TextTooLarge") { Options = options => options.MaxTextBytes = 2 << 20 },
        ["one line of 20 MB"] = new("a.txt", _ => Text(new string('x', 20 << 20)), [ReadOutcome.Ready]),
        ["file over the limit"] = new("a.txt", _ => Text(new string('x', 3 << 20)), [ReadOutcome.TooLarge], "FileTooLarge") { Options = options => options.MaxFileBytes = 2 << 20 },
        ["CSV of a million rows"] = new("a.csv", _ => Text(string.Concat(Enumerable.Repeat("a;b\n", 1_000_000))), [ReadOutcome.Ready, ReadOutcome.TooLarge, ReadOutcome.TimedOut]),
        ["DOCX with an entity to a file"] = new("a.docx", _ => Zips.Word([], Entity, "&e;"), Refused, "ExternalEntities"),
        ["DOCX with an entity to a server"] = new("a.docx", server => Zips.Word([], $"<!DOCTYPE x [<!ENTITY e SYSTEM \"{server}\">]>", "&e;"), Refused, "ExternalEntities"),
        ["ODT with an entity"] = new("a.odt", _ => Odt($"<?xml version=\"1.0\"?>{Entity}", "<text:p>&e;</text:p>"), Refused, "ExternalEntities"),
        ["EPUB with an entity"] = new("a.epub", _ => Epub(("c.xhtml", Text($"<?xml version=\"1.0\"?>{Entity}<html xmlns=\"http://www.w3.org/1999/xhtml\"><body>&e;</body></html>"))), Refused, "ExternalEntities"),
        ["XML that multiplies"] = new("a.xml", _ => Text("<?xml version=\"1.0\"?><!DOCTYPE l [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;\">]><l>&c;</l>"), Refused, "ExternalEntities"),
        ["DOCX with a picture on a server"] = new("a.docx", ExternalPicture, [ReadOutcome.Ready]) { Contains = "Visible" },
        ["HTML that loads from everywhere"] = new("a.html", server => Text($"<html><head><link rel=stylesheet href='{server}'><base href='{server}'></head><body><p>Visible</p><img src='file:///etc/passwd'><img src='{server}'><iframe src='/etc/passwd'></iframe><object data='{server}'></object><script src='{server}'></script></body></html>"), [ReadOutcome.Ready]) { Contains = "Visible" },
        ["ODT with a linked section"] = new("a.odt", server => Odt("<?xml version=\"1.0\"?>", $"<text:p>Visible</text:p><text:section text:name=\"s\"><text:section-source xlink:href=\"file:///etc/passwd\"/><text:section-source xlink:href=\"{server}\"/></text:section>"), [ReadOutcome.Ready]) { Contains = "Visible" },
        ["Word file with a macro"] = new("a.docm", _ => Macro(), [ReadOutcome.Ready]) { Contains = "Visible" },
        ["DOCX with a DDE field"] = new("a.docx", _ => Dde(), [ReadOutcome.Ready]) { Contains = "Visible" },
        ["RTF with an object"] = new("a.rtf", _ => Text(@"{\rtf1\ansi Visible {\object\objemb\objupdate{\*\objclass Package}{\*\objdata 0105000002000000080000005061636b61676500}}{\field{\*\fldinst{ INCLUDETEXT ""/etc/passwd"" }}{\fldrslt x}}}"), [ReadOutcome.Ready]) { Contains = "Visible" },
        ["PDF that is also HTML"] = new("a.pdf.html", _ => Text("<html><script>alert(1)</script><!-- %PDF-1.4\n1 0 obj<</Type/Catalog>>endobj --></html>"), [ReadOutcome.Damaged, ReadOutcome.Empty, ReadOutcome.Ready, ReadOutcome.NoText]),
        ["test virus"] = new("eicar.com", _ => Text(@"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + "EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"), [ReadOutcome.Ready]),
        ["nothing"] = new("a.pdf", _ => [], [ReadOutcome.Empty], "FileEmpty"),
        ["program named as a document"] = new("CON.pdf", _ => Text("MZ" + new string('\0', 100)), [ReadOutcome.Unsupported], "TypeExecutable"),
        ["picture named as text"] = new("a.txt", _ => Pictures.Png(20, 20), [ReadOutcome.NoText]),
        ["JPEG cut in its header"] = new("a.jpg", _ => [0xFF, 0xD8, 0xFF, 0xE0, 0, 16, 1], [ReadOutcome.Damaged], "PictureDamaged"),
        ["JPEG of a header alone"] = new("a.jpg", _ => [0xFF, 0xD8, 0xFF, 0xC0, 0, 11, 8, 0, 100, 0, 100, 1, 1, 0x11, 0, 0xFF, 0xD9], [ReadOutcome.Damaged, ReadOutcome.NoText]),
        ["mail of mails"] = new("a.eml", _ => Text(MailOfMails(200)), Safe),
    };

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);

    private static byte[] Replaced(byte[] pdf, string old, string with) => Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(pdf).Replace(old, with));

    private static byte[] Nested(int depth)
    {
        var inner = Zips.Of(("a.txt", [65]));
        for (var i = 0; i < depth; i++) inner = Zips.Of(("inner.zip", inner));
        return inner;
    }

    private static byte[] Epub(params (string Name, byte[] Bytes)[] more) => Zips.Of(
    [
        ("mimetype", Text("application/epub+zip")),
        ("META-INF/container.xml", Text("<?xml version=\"1.0\"?><container version=\"1.0\" xmlns=\"urn:oasis:names:tc:opendocument:xmlns:container\"><rootfiles><rootfile full-path=\"c.opf\" media-type=\"application/oebps-package+xml\"/></rootfiles></container>")),
        ("c.opf", Text("<?xml version=\"1.0\"?><package xmlns=\"http://www.idpf.org/2007/opf\" version=\"2.0\"><manifest><item id=\"c\" href=\"c.xhtml\" media-type=\"application/xhtml+xml\"/></manifest><spine><itemref idref=\"c\"/></spine></package>")),
        .. more,
    ]);

    private static byte[] Odt(string prolog, string body) => Zips.Of(
        ("mimetype", Text("application/vnd.oasis.opendocument.text")),
        ("content.xml", Text($"{prolog}<office:document-content xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\" xmlns:xlink=\"http://www.w3.org/1999/xlink\"><office:body><office:text>{body}</office:text></office:body></office:document-content>")),
        ("styles.xml", Text("<?xml version=\"1.0\"?><office:document-styles xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\"><office:styles/><office:automatic-styles/><office:master-styles/></office:document-styles>")),
        ("META-INF/manifest.xml", Text("<?xml version=\"1.0\"?><manifest:manifest xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\"><manifest:file-entry manifest:full-path=\"/\" manifest:media-type=\"application/vnd.oasis.opendocument.text\"/></manifest:manifest>")));

    private static byte[] ExternalPicture(string server)
    {
        const string picture = "</w:t></w:r><w:r><w:drawing xmlns:wp=\"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing\" xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><wp:inline><a:graphic><a:graphicData uri=\"http://schemas.openxmlformats.org/drawingml/2006/picture\"><pic:pic xmlns:pic=\"http://schemas.openxmlformats.org/drawingml/2006/picture\"><pic:blipFill><a:blip r:link=\"r7\"/></pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r><w:r><w:t>";
        var relations = $"<?xml version=\"1.0\"?><Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"r7\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/image\" Target=\"{server}\" TargetMode=\"External\"/></Relationships>";
        return Zips.Word("Visible" + picture, ("word/_rels/document.xml.rels", Text(relations)));
    }

    private static byte[] Macro() => Zips.Of(
        ("[Content_Types].xml", Text(Zips.WordTypes.Replace("application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml", "application/vnd.ms-word.document.macroEnabled.main+xml"))),
        ("_rels/.rels", Text(Zips.WordRelations)),
        ("word/document.xml", Text("<?xml version=\"1.0\"?><w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body><w:p><w:r><w:t>Visible</w:t></w:r></w:p></w:body></w:document>")),
        ("word/vbaProject.bin", [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, .. new byte[600]]));

    private static byte[] Dde() => Zips.Word("Visible</w:t></w:r><w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText>DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe \"/k calc.exe\"</w:instrText></w:r><w:r><w:fldChar w:fldCharType=\"end\"/></w:r><w:r><w:t>");

    private static string MailOfMails(int depth)
    {
        var mail = "From: a@example.org\nTo: b@example.org\nSubject: x\n\nWords";
        for (var i = 0; i < depth; i++) mail = $"From: a@example.org\nTo: b@example.org\nSubject: x\nContent-Type: multipart/mixed; boundary=\"b{i}\"\n\n--b{i}\nContent-Type: message/rfc822\n\n{mail}\n--b{i}--\n";
        return mail;
    }
}
