using BlazorAdmin.Features.Documents.Reading;
using static BlazorAdmin.Tests.Features.Documents.Formats.OfficeFiles;

namespace BlazorAdmin.Tests.Features.Documents.Formats;

public sealed class OpenReaderTests
{
    [Fact]
    public async Task Read_Text_WithBoxNoteAnnotationAndTables()
    {
        var body = """
            <text:tracked-changes><text:changed-region><text:deletion><text:p>deleted</text:p></text:deletion></text:changed-region></text:tracked-changes>
            <text:h text:outline-level="2">Head</text:h>
            <text:p>Some   <text:span text:style-name="B">bold</text:span><text:s text:c="2"/>text<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>Proof</text:p></text:note-body></text:note><office:annotation><dc:creator>Ada</dc:creator><text:p>Sure?</text:p></office:annotation></text:p>
            <text:p><draw:frame><draw:text-box><text:p>Boxed</text:p></draw:text-box></draw:frame></text:p>
            <text:list text:style-name="L"><text:list-item><text:p>one</text:p><text:list><text:list-item><text:p>sub</text:p></text:list-item></text:list></text:list-item><text:list-item><text:p>two</text:p></text:list-item></text:list>
            <table:table><table:table-row><table:table-cell table:number-columns-spanned="2"><text:p>wide</text:p></table:table-cell><table:covered-table-cell/></table:table-row><table:table-row><table:table-cell><text:p>a</text:p></table:table-cell><table:table-cell><table:table><table:table-row><table:table-cell><text:p>x</text:p></table:table-cell><table:table-cell><text:p>y</text:p></table:table-cell></table:table-row></table:table></table:table-cell></table:table-row></table:table>
            """;
        const string Styles = "<style:style style:name=\"B\" style:family=\"text\"><style:text-properties fo:font-weight=\"bold\"/></style:style><text:list-style style:name=\"L\"><text:list-level-style-number text:level=\"1\" style:num-format=\"1\"/></text:list-style>";
        var page = (await Read("a.odt", Open("text", body, Styles))).Pages.ShouldHaveSingleItem();
        page.Markdown.ShouldBe("## Head\n\nSome **bold**  text[^1]\n\nBoxed\n\n1. one\n    - sub\n2. two\n\n| wide | wide |\n| - | - |\n| a | x y |\n\n[^1]: Proof\n\n\\[Ada\\] Sure?");
    }

    [Fact]
    public async Task Read_Sheets_WithRepeatsAndMerges()
    {
        var body = """
            <table:table table:name="S"><table:table-row><table:table-cell table:number-columns-spanned="2"><text:p>head</text:p></table:table-cell><table:covered-table-cell/></table:table-row>
            <table:table-row><table:table-cell table:number-columns-repeated="2"><text:p>v</text:p></table:table-cell></table:table-row>
            <table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384"/></table:table-row></table:table><table:table table:name="T"/>
            """;
        (await Read("a.ods", Open("spreadsheet", body))).Pages.Select(page => page.Markdown ?? page.Text).ShouldBe(["## S\n\n| head | head |\n| - | - |\n| v | v |", "## T"]);
    }

    [Fact]
    public async Task Read_Slides_ArePagesWithNotes()
    {
        var body = """
            <draw:page><draw:frame presentation:class="title"><draw:text-box><text:p>Title</text:p></draw:text-box></draw:frame><draw:custom-shape><text:p>Shape</text:p></draw:custom-shape><presentation:notes><draw:frame presentation:class="notes"><draw:text-box><text:p>Say it</text:p></draw:text-box></draw:frame></presentation:notes></draw:page><draw:page><draw:frame><draw:text-box><text:p>Two</text:p></draw:text-box></draw:frame></draw:page>
            """;
        (await Read("a.odp", Open("presentation", body))).Pages.Select(page => page.Markdown ?? page.Text).ShouldBe(["# Title\n\nShape\n\nSay it", "Two"]);
    }

    private static async Task<Reading> Read(string name, byte[] file)
    {
        using var bench = await ReadingBench.Create();
        var reading = await bench.Read(name, file);
        reading.Outcome.ShouldBe(ReadOutcome.Ready, string.Join('\n', bench.Lines));
        bench.Lines.ShouldHaveSingleItem();
        return reading;
    }
}
