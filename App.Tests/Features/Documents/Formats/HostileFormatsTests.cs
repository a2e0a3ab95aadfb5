using System.Text;
using BlazorAdmin.Features.Documents.Reading;
using static BlazorAdmin.Tests.Features.Documents.Formats.OfficeFiles;

namespace BlazorAdmin.Tests.Features.Documents.Formats;

/// <summary>Office files made to harm: each ends in a named outcome, and nothing outside is read.</summary>
public sealed class HostileFormatsTests
{
    private const string Entity = "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>";

    [Theory]
    [InlineData("a.xlsx", "xl/sharedStrings.xml")]
    [InlineData("a.pptx", "ppt/slides/slide9.xml")]
    [InlineData("a.ods", "styles.xml")]
    public async Task Read_Entities_AreSuspicious(string name, string part) => await Ends(name, With(name, (part, Encoding.UTF8.GetBytes(Entity + "<a>&e;</a>"))), ReadOutcome.Suspicious, "ExternalEntities");

    [Fact]
    public async Task Read_DocumentTypeBehindPadding_IsRefusedByTheReader()
    {
        // Beyond what the archive guard looks at: the parser refuses any document type.
        var xml = new string(' ', 200_000) + Entity + Root("w:document", "<w:body>" + P("&e;") + "</w:body>");
        var file = Zips.Of(("[Content_Types].xml", Zips.Bytes(Zips.WordTypes)), ("_rels/.rels", Zips.Bytes(Zips.WordRelations)), ("word/document.xml", Zips.Bytes(xml)));
        using var bench = await ReadingBench.Create();
        var reading = await bench.Read("a.docx", file);
        reading.Outcome.ShouldNotBe(ReadOutcome.Failed);
        string.Concat(reading.Pages.Select(page => page.Text)).ShouldNotContain("root:");
    }

    [Fact]
    public async Task Read_DeepNesting_IsSuspicious() =>
        await Ends("a.docx", Word(string.Concat(Enumerable.Repeat("<w:sdt><w:sdtContent>", 5_000)) + P("x") + string.Concat(Enumerable.Repeat("</w:sdtContent></w:sdt>", 5_000))), ReadOutcome.Suspicious, "NestedTooDeep");

    [Fact]
    public async Task Read_ExternalParts_AreNotLoaded()
    {
        var body = "<w:p><w:r><w:t>Visible</w:t></w:r><w:r><w:drawing><a:blip r:link=\"r0\"/><c:chart r:id=\"r0\"/></w:drawing></w:r></w:p>";
        using var bench = await ReadingBench.Create();
        var reading = await bench.Read("a.docx", Word(body, ("hyperlink", "file:///etc/passwd")));
        reading.Pages.ShouldHaveSingleItem().Text.ShouldBe("Visible");
    }

    [Fact]
    public async Task Read_PartsThatLeaveThePackage_AreNotFound()
    {
        using var bench = await ReadingBench.Create();
        var reading = await bench.Read("a.xlsx", Sheets([("S", "", "<sheetData><row><c t=\"inlineStr\"><is><t>x</t></is></c></row></sheetData>")]));
        reading.Pages.ShouldHaveSingleItem().Text.ShouldBe("S\n\nx");
    }

    [Fact]
    public async Task Read_HugeSpans_StayWithinTheLimit()
    {
        using var bench = await ReadingBench.Create();
        bench.Options.MaxTextBytes = 100_000;
        var cell = $"<w:tc><w:tcPr><w:gridSpan w:val=\"1000000000\"/></w:tcPr>{P(new string('x', 900))}</w:tc>";
        var reading = await bench.Read("a.docx", Word("<w:tbl>" + string.Concat(Enumerable.Repeat("<w:tr>" + cell + "</w:tr>", 50)) + "</w:tbl>"));
        (reading.Outcome, reading.Reason!.Key).ShouldBe((ReadOutcome.TooLarge, "TextTooLarge"));
    }

    [Fact]
    public async Task Read_RecursiveNumbersAndStyles_End()
    {
        var styles = Root("w:styles", "<w:style w:type=\"paragraph\" w:styleId=\"A\"><w:basedOn w:val=\"B\"/></w:style><w:style w:type=\"paragraph\" w:styleId=\"B\"><w:basedOn w:val=\"A\"/></w:style>");
        var footnotes = Root("w:footnotes", "<w:footnote w:id=\"1\"><w:p><w:r><w:t>again</w:t></w:r><w:r><w:footnoteReference w:id=\"1\"/></w:r></w:p></w:footnote>");
        using var bench = await ReadingBench.Create();
        var reading = await bench.Read("a.docx", Word("<w:p><w:pPr><w:pStyle w:val=\"A\"/></w:pPr><w:r><w:t>x</w:t></w:r><w:r><w:footnoteReference w:id=\"1\"/></w:r></w:p>", ("styles", styles), ("footnotes", footnotes)));
        reading.Pages.ShouldHaveSingleItem().Text.ShouldBe("x[^1]\n\n[^1]: again[^1]");
    }

    [Fact]
    public async Task Read_NoBody_IsDamaged()
    {
        using var bench = await ReadingBench.Create();
        var reading = await bench.Read("a.xlsx", Zips.Of(("[Content_Types].xml", Zips.Bytes("<Types>spreadsheetml.</Types>"))));
        reading.Outcome.ShouldBe(ReadOutcome.Damaged);
        bench.ProcessesLeft().ShouldBeEmpty();
    }

    private static byte[] With(string name, (string Name, byte[] Bytes) part)
    {
        var types = name[^4..] switch { "xlsx" => "spreadsheetml.", "pptx" => "presentationml.", _ => "" };
        return types.Length > 0 ? Zips.Of(("[Content_Types].xml", Zips.Bytes($"<Types>{types}</Types>")), part) : Zips.Of(("mimetype", Zips.Bytes("application/vnd.oasis.opendocument.spreadsheet")), part);
    }

    private static async Task Ends(string name, byte[] bytes, ReadOutcome outcome, string reason)
    {
        using var bench = await ReadingBench.Create();
        var reading = await bench.Read(name, bytes);
        (reading.Outcome, reading.Reason?.Key).ShouldBe((outcome, reason));
        bench.FilesLeft().ShouldBeEmpty();
        bench.ProcessesLeft().ShouldBeEmpty();
    }
}
