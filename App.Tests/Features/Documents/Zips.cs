using System.IO.Compression;
using System.Text;

namespace BlazorAdmin.Tests.Features.Documents;

/// <summary>Makes archives, harmless and not.</summary>
internal static class Zips
{
    public const string WordTypes = """<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>""";
    public const string WordRelations = """<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>""";

    public static byte[] Of(params (string Name, byte[] Bytes)[] entries)
    {
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, bytes) in entries)
            {
                using var entry = zip.CreateEntry(name, CompressionLevel.SmallestSize).Open();
                entry.Write(bytes);
            }
        }
        return file.ToArray();
    }

    public static byte[] Word(string paragraph, params (string Name, byte[] Bytes)[] more) => Word(more, prolog: "", paragraph);

    public static byte[] Word((string Name, byte[] Bytes)[] more, string prolog, string paragraph) => Of(
    [
        ("[Content_Types].xml", Bytes(WordTypes)),
        ("_rels/.rels", Bytes(WordRelations)),
        ("word/document.xml", Bytes($"""<?xml version="1.0"?>{prolog}<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>{paragraph}</w:t></w:r></w:p></w:body></w:document>""")),
        .. more,
    ]);

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
