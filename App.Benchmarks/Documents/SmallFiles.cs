using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace BlazorAdmin.Benchmarks.Documents;

/// <summary>Small files of many types, each with a text of its own.</summary>
internal static class SmallFiles
{
    private const string Rels = "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"r1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{0}\" Target=\"{1}\"/></Relationships>";

    /// <summary>Every text holds this mark of its number.</summary>
    public static string Mark(int number) => string.Create(CultureInfo.InvariantCulture, $"specimen{number:00000}");

    public static (string Name, byte[] Bytes) Of(int number)
    {
        var text = $"The {Mark(number)} says in a few words what it is about, with an amount of {number} EUR.";
        return (number % 10) switch
        {
            0 => ("a.txt", Bytes(text)),
            1 => ("a.html", Bytes($"<!doctype html><html><body><h1>Title</h1><p>{text}</p><table><tr><td>a</td><td>b</td></tr></table></body></html>")),
            2 => ("a.csv", Bytes($"name;text\n{number};{text}\n")),
            3 => ("a.xml", Bytes($"<?xml version=\"1.0\"?><note><text>{text}</text></note>")),
            4 => ("a.eml", Bytes($"From: a@example.org\nTo: b@example.org\nSubject: {number}\n\n{text}\n")),
            5 or 6 => ("a.docx", Word(text)),
            7 => ("a.xlsx", Sheet(text)),
            8 => ("a.md", Bytes($"# Title\n\n{text}\n")),
            _ => ("a.pdf", Pdf(text)),
        };
    }

    private static byte[] Word(string text) => Zip(
        ("[Content_Types].xml", """<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"""),
        ("_rels/.rels", string.Format(CultureInfo.InvariantCulture, Rels, "officeDocument", "word/document.xml")),
        ("word/document.xml", $"<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body></w:document>"));

    private static byte[] Sheet(string text) => Zip(
        ("[Content_Types].xml", """<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>"""),
        ("_rels/.rels", string.Format(CultureInfo.InvariantCulture, Rels, "officeDocument", "xl/workbook.xml")),
        ("xl/workbook.xml", """<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>"""),
        ("xl/_rels/workbook.xml.rels", string.Format(CultureInfo.InvariantCulture, Rels, "worksheet", "sheet1.xml")),
        ("xl/sheet1.xml", $"<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData><row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>{text}</t></is></c><c r=\"B1\"><v>1</v></c></row></sheetData></worksheet>"));

    private static byte[] Pdf(string text)
    {
        var content = $"BT /F1 12 Tf 40 700 Td ({text}) Tj ET";
        string[] objects =
        [
            "<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 700 800] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
            $"<< /Length {content.Length} >>\nstream\n{content}\nendstream", "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        ];
        var file = new StringBuilder("%PDF-1.4\n");
        var places = new List<int>();
        for (var i = 0; i < objects.Length; i++)
        {
            places.Add(file.Length);
            file.Append(CultureInfo.InvariantCulture, $"{i + 1} 0 obj\n{objects[i]}\nendobj\n");
        }
        var table = file.Length;
        file.Append(CultureInfo.InvariantCulture, $"xref\n0 {objects.Length + 1}\n0000000000 65535 f \n");
        foreach (var place in places) file.Append(CultureInfo.InvariantCulture, $"{place:0000000000} 00000 n \n");
        file.Append(CultureInfo.InvariantCulture, $"trailer << /Size {objects.Length + 1} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n");
        return Bytes(file.ToString());
    }

    private static byte[] Zip(params (string Name, string Text)[] parts)
    {
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, text) in parts)
            {
                using var entry = zip.CreateEntry(name).Open();
                entry.Write(Bytes(text));
            }
        }
        return file.ToArray();
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
