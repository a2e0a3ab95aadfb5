using System.Text;

namespace BlazorAdmin.Tests.Features.Documents.Formats;

/// <summary>Makes small office documents: the given XML in a package that is right otherwise.</summary>
internal static class OfficeFiles
{
    private const string Relationships = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

    private const string Names = """
        xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"
        xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"
        xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
        xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" xmlns:v="urn:schemas-microsoft-com:vml"
        xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram" xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"
        xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"
        """;

    /// <param name="more">Parts beside the body: kind of the relation and XML; a part named "numbering" becomes word/numbering.xml.</param>
    public static byte[] Word(string body, params (string Kind, string Xml)[] more) =>
        Package("word/document.xml", "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml", $"<w:document {Names}><w:body>{body}</w:body></w:document>",
            [.. more.Select((part, i) => (part.Kind, part.Kind == "hyperlink" ? part.Xml : $"part{i}.xml", part.Xml))]);

    public static string P(string text, string properties = "") => $"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t xml:space=\"preserve\">{text}</w:t></w:r></w:p>";

    /// <summary>A root element with every prefix that the tests use.</summary>
    public static string Root(string name, string content) => $"<{name} {Names}>{content}</{name}>";

    public static byte[] Strict(string text) => Package("word/document.xml", "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
        $"""<w:document xmlns:w="http://purl.oclc.org/ooxml/wordprocessingml/main" w:conformance="strict"><w:body><w:p><w:pPr><w:outlineLvl w:val="0"/></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p></w:body></w:document>""", [], "http://purl.oclc.org/ooxml/officeDocument/relationships");

    /// <param name="sheets">Name, state (empty: visible) and content of each worksheet element.</param>
    public static byte[] Sheets((string Name, string State, string Xml)[] sheets, string strings = "", string styles = "", string properties = "")
    {
        var list = string.Concat(sheets.Select((sheet, i) => $"<sheet name=\"{sheet.Name}\" sheetId=\"{i + 1}\" {(sheet.State.Length > 0 ? $"state=\"{sheet.State}\"" : "")} r:id=\"r{i}\"/>"));
        const string Main = "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"" + Relationships + "\"";
        List<(string, string, string)> parts = [.. sheets.Select((sheet, i) => ("worksheet", $"sheet{i}.xml", $"<worksheet {Main}>{sheet.Xml}</worksheet>"))];
        if (strings.Length > 0) parts.Add(("sharedStrings", "strings.xml", $"<sst {Main}>{strings}</sst>"));
        if (styles.Length > 0) parts.Add(("styles", "styles.xml", $"<styleSheet {Main}>{styles}</styleSheet>"));
        return Package("xl/workbook.xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml", $"<workbook {Main}>{properties}<sheets>{list}</sheets></workbook>", [.. parts]);
    }

    /// <param name="order">Order of the show, as numbers of <paramref name="slides"/> from 0.</param>
    public static byte[] Slides(string[] slides, int[] order, string? notesOfFirst = null)
    {
        var list = string.Concat(order.Select(number => $"<p:sldId id=\"{256 + number}\" r:id=\"r{number}\"/>"));
        List<(string Name, byte[] Bytes)> more = [];
        if (notesOfFirst is not null)
        {
            more.Add(("ppt/_rels/slide0.xml.rels", Zips.Bytes(Rels([("n", "notesSlide", "notes0.xml")], Relationships))));
            more.Add(("ppt/notes0.xml", Zips.Bytes(Root("p:notes", $"<p:cSld><p:spTree>{Shape(notesOfFirst, "body")}</p:spTree></p:cSld>"))));
        }
        return Package("ppt/presentation.xml", "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml", Root("p:presentation", $"<p:sldIdLst>{list}</p:sldIdLst>"),
            [.. slides.Select((slide, i) => ("slide", $"slide{i}.xml", Root("p:sld", $"<p:cSld><p:spTree>{slide}</p:spTree></p:cSld>")))], more: more);
    }

    public static string Shape(string text, string? placeholder = null) =>
        $"<p:sp><p:nvSpPr><p:nvPr>{(placeholder is null ? "" : $"<p:ph type=\"{placeholder}\"/>")}</p:nvPr></p:nvSpPr><p:txBody><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:txBody></p:sp>";

    /// <param name="kind">text, spreadsheet or presentation.</param>
    public static byte[] Open(string kind, string body, string styles = "") => Zips.Of(
        ("mimetype", Encoding.ASCII.GetBytes("application/vnd.oasis.opendocument." + kind)),
        ("content.xml", Zips.Bytes($"""
            <office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
              xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"
              xmlns:presentation="urn:oasis:names:tc:opendocument:xmlns:presentation:1.0" xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:dc="http://purl.org/dc/elements/1.1/"><office:automatic-styles>{styles}</office:automatic-styles><office:body><office:{kind}>{body}</office:{kind}></office:body></office:document-content>
            """)));

    private static byte[] Package(string main, string type, string xml, (string Kind, string File, string Xml)[] parts, string relationships = Relationships, IEnumerable<(string Name, byte[] Bytes)>? more = null)
    {
        var folder = main[..(main.LastIndexOf('/') + 1)];
        return Zips.Of(
        [
            ("[Content_Types].xml", Zips.Bytes($"""<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Override PartName="/{main}" ContentType="{type}"/></Types>""")),
            ("_rels/.rels", Zips.Bytes(Rels([("main", "officeDocument", main)], relationships))),
            (main, Zips.Bytes(xml)),
            (folder + "_rels/" + main[folder.Length..] + ".rels", Zips.Bytes(Rels([.. parts.Select((part, i) => ($"r{i}", part.Kind, part.File))], relationships))),
            .. parts.Where(part => part.Kind != "hyperlink").Select(part => (folder + part.File, Zips.Bytes(part.Xml))),
            .. more ?? [],
        ]);
    }

    private static string Rels((string Id, string Kind, string Target)[] relations, string relationships) =>
        $"<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{string.Concat(relations.Select(relation => $"<Relationship Id=\"{relation.Id}\" Type=\"{relationships}/{relation.Kind}\" Target=\"{relation.Target}\"{(relation.Kind == "hyperlink" ? " TargetMode=\"External\"" : "")}/>"))}</Relationships>";
}
