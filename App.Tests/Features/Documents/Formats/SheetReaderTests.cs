using BlazorAdmin.Features.Documents.Reading;
using static BlazorAdmin.Tests.Features.Documents.Formats.OfficeFiles;

namespace BlazorAdmin.Tests.Features.Documents.Formats;

public sealed class SheetReaderTests
{
    private const string Styles = """
        <numFmts><numFmt numFmtId="164" formatCode="dd\.mm\.yyyy\ hh:mm"/><numFmt numFmtId="165" formatCode="[h]:mm"/><numFmt numFmtId="166" formatCode="#,##0.00\ &quot;days&quot;"/></numFmts>
        <cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="10"/><xf numFmtId="165"/><xf numFmtId="166"/><xf numFmtId="20"/></cellXfs>
        """;

    [Fact]
    public async Task Read_Cells_OfEveryKind()
    {
        var rows = """
            <row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="inlineStr"><is><t>inline</t></is></c><c r="C1" t="str"><f>A1</f><v>result</v></c></row>
            <row r="2"><c r="A2"><v>0.30000000000000004</v></c><c r="B2" t="b"><v>1</v></c><c r="C2" t="e"><v>#DIV/0!</v></c></row>
            <row r="3"><c r="A3" s="1"><v>45292</v></c><c r="B3" s="2"><v>45292.4375</v></c><c r="C3" s="3"><v>0.125</v></c></row>
            <row r="4"><c r="A4" s="4"><v>1.5</v></c><c r="B4" s="5"><v>1234.5</v></c><c r="C4" s="6"><v>0.75</v></c></row>
            """;
        var page = await Page(Sheets([("Data", "", $"<sheetData>{rows}</sheetData>")], "<si><r><t>shared </t></r><r><t>text</t></r><rPh><t>no</t></rPh></si>", Styles));
        page.ShouldBe("Data\n\nshared text\tinline\tresult\n0.3\tTRUE\t#DIV/0!\n2024-01-01\t2024-01-01 10:30\t12.5%\n36:00:00\t1234.5\t18:00");
    }

    [Theory]
    [InlineData("", "1900-01-01", "1")]
    [InlineData("", "1900-03-01", "61")]
    [InlineData("<workbookPr date1904=\"1\"/>", "1904-01-02", "1")]
    public async Task Read_FirstDays_AreRight(string properties, string expected, string serial) =>
        (await Page(Sheets([("S", "", $"<sheetData><row r=\"1\"><c r=\"A1\" s=\"1\"><v>{serial}</v></c></row></sheetData>")], styles: Styles, properties: properties))).ShouldBe("S\n\n" + expected);

    [Fact]
    public async Task Read_Sheets_ArePagesAndHiddenOnesAreNamed()
    {
        var reading = await Read(Sheets([("First", "", Filled("A1", "1")), ("Second", "hidden", Filled("A1", "2")), ("Third", "", "<sheetData/>")]));
        reading.Pages.Select(page => page.Text).ShouldBe(["First\n\n1", "Second (hidden)\n\n2", "Third"]);
    }

    [Fact]
    public async Task Read_MergedCells_FillTheMarkdown()
    {
        var sheet = "<sheetData><row r=\"1\"><c r=\"A1\"><v>1</v></c><c r=\"C1\"><v>3</v></c></row><row r=\"2\"><c r=\"A2\"><v>4</v></c><c r=\"B2\"><v>5</v></c><c r=\"C2\"><v>6</v></c></row></sheetData><mergeCells><mergeCell ref=\"A1:B1\"/></mergeCells>";
        var page = (await Read(Sheets([("S", "", sheet)]))).Pages[0];
        page.Markdown.ShouldBe("## S\n\n| 1 | 1 | 3 |\n| - | - | - |\n| 4 | 5 | 6 |");
        page.Text.ShouldBe("S\n\n1\t\t3\n4\t5\t6");
    }

    [Fact]
    public async Task Read_GroupsApart_AreTablesOfTheirOwn()
    {
        var sheet = "<sheetData><row r=\"1\"><c r=\"A1\"><v>1</v></c><c r=\"B1\"><v>2</v></c></row><row r=\"2\"><c r=\"A2\"><v>3</v></c></row><row r=\"1000000\"><c r=\"XFD1000000\"><v>9</v></c></row></sheetData>";
        (await Page(Sheets([("S", "", sheet)]))).ShouldBe("S\n\n1\t2\n3\n\n9");
    }

    [Fact]
    public async Task Read_PlacesOutsideTheSheet_AreNoPlaces() => (await Page(Sheets([("S", "", "<sheetData><row r=\"1\"><c r=\"ZZZZ1\"><v>1</v></c><c r=\"99\"><v>2</v></c></row></sheetData>")]))).ShouldContain("1");

    [Fact]
    public async Task Read_LongSheet_RepeatsTheHeadOfItsTable()
    {
        var rows = string.Concat(Enumerable.Range(1, 3_000).Select(i => $"<row r=\"{i}\"><c r=\"A{i}\"><v>{i}</v></c><c r=\"B{i}\" t=\"inlineStr\"><is><t>{new string('v', 100)}</t></is></c></row>"));
        var reading = await Read(Sheets([("S", "", $"<sheetData>{rows}</sheetData>")]));
        reading.Pages.Count.ShouldBeGreaterThan(1);
        reading.Pages[1].Markdown!.ShouldStartWith("| 1 | vvv");
        reading.Pages.Sum(page => page.Text.Split('\n').Count(line => line.Contains("vvv"))).ShouldBe(3_000);
    }

    private static string Filled(string place, string value) => $"<sheetData><row><c r=\"{place}\"><v>{value}</v></c></row></sheetData>";

    private static async Task<string> Page(byte[] file) => (await Read(file)).Pages.ShouldHaveSingleItem().Text;

    private static async Task<Reading> Read(byte[] file)
    {
        using var bench = await ReadingBench.Create();
        var reading = await bench.Read("a.xlsx", file);
        reading.Outcome.ShouldBe(ReadOutcome.Ready, string.Join('\n', bench.Lines));
        bench.Lines.ShouldHaveSingleItem();
        return reading;
    }
}
