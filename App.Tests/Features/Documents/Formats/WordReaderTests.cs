using BlazorAdmin.Features.Documents.Reading;
using static BlazorAdmin.Tests.Features.Documents.Formats.OfficeFiles;

namespace BlazorAdmin.Tests.Features.Documents.Formats;

public sealed class WordReaderTests
{
    private const string List = "<w:numPr><w:ilvl w:val=\"{0}\"/><w:numId w:val=\"{1}\"/></w:numPr>";

    private static readonly string Numbering = Root("w:numbering", """
        <w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl><w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1.%2"/></w:lvl></w:abstractNum>
        <w:abstractNum w:abstractNumId="2"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="o"/></w:lvl></w:abstractNum>
        <w:abstractNum w:abstractNumId="3"><w:lvl w:ilvl="0"><w:start w:val="3"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%1)"/></w:lvl></w:abstractNum>
        <w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="2"/></w:num><w:num w:numId="3"><w:abstractNumId w:val="3"/></w:num>
        """);

    [Fact]
    public async Task Read_Headings_ByStyleNameOutlineAndInheritance()
    {
        var styles = Root("w:styles", """
            <w:style w:type="paragraph" w:styleId="berschrift2"><w:name w:val="heading 2"/></w:style>
            <w:style w:type="paragraph" w:styleId="Own"><w:name w:val="Kapitel"/><w:basedOn w:val="berschrift2"/></w:style>
            """);
        var page = await Markdown(Word(P("One", "<w:pStyle w:val=\"berschrift2\"/>") + P("Two", "<w:pStyle w:val=\"Own\"/>") + P("Three", "<w:outlineLvl w:val=\"2\"/>") + P("Text"), ("styles", styles)));
        page.ShouldBe("## One\n\n## Two\n\n### Three\n\nText");
    }

    [Fact]
    public async Task Read_Lists_AreCountedAndNested()
    {
        var body = Item("a", 0, 1) + Item("b", 1, 1) + Item("c", 0, 1) + Item("dot", 0, 2) + Item("letter", 0, 3);
        (await Markdown(Word(body, ("numbering", Numbering)))).ShouldBe("1. a\n    - 1.1 b\n2. c\n- dot\n- c) letter");
    }

    [Fact]
    public async Task Read_ListGoesOnAfterText_IsNoCode()
    {
        var body = Item("a", 0, 1) + Item("b", 1, 1) + P("between") + Item("c", 1, 1);
        (await Markdown(Word(body, ("numbering", Numbering)))).ShouldBe("1. a\n    - 1.1 b\n\nbetween\n\n- 1.2 c");
    }

    [Fact]
    public async Task Read_Looks_AndLinks()
    {
        var body = """<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>bold</w:t></w:r><w:r><w:t xml:space="preserve"> and </w:t></w:r><w:hyperlink r:id="r0"><w:r><w:rPr><w:i/></w:rPr><w:t>link</w:t></w:r></w:hyperlink><w:hyperlink r:id="r1"><w:r><w:t> evil</w:t></w:r></w:hyperlink></w:p>""";
        (await Markdown(Word(body, ("hyperlink", "https://example.org/a"), ("hyperlink", "javascript:alert(1)")))).ShouldBe("**bold** and [*link*](https://example.org/a) evil");
    }

    [Fact]
    public async Task Read_MarksInText_AreEscaped() => (await Markdown(Word(P("# 2*3 &lt;b&gt; [x]") + P("1. no list")))).ShouldBe("\\# 2\\*3 &lt;b&gt; \\[x\\]\n\n1\\. no list");

    [Fact]
    public async Task Read_TextBox_IsReadOnceFromItsModernSide()
    {
        var box = "<w:txbxContent>" + P("In the box") + "</w:txbxContent>";
        var body = $"<w:p><w:r><w:t>Beside</w:t></w:r><w:r><mc:AlternateContent><mc:Choice Requires=\"wps\"><w:drawing><wp:anchor><a:graphic><a:graphicData><wps:wsp><wps:txbx>{box}</wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing></mc:Choice><mc:Fallback><w:pict><v:shape><v:textbox>{box}</v:textbox></v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>";
        (await Text(Word(body))).ShouldBe("Beside\n\nIn the box");
    }

    [Fact]
    public async Task Read_OldTextBox_IsRead() => (await Text(Word("<w:p><w:r><w:pict><v:shape><v:textbox><w:txbxContent>" + P("Old box") + "</w:txbxContent></v:textbox></v:shape></w:pict></w:r></w:p>"))).ShouldBe("Old box");

    [Fact]
    public async Task Read_Shapes_DiagramsAndCharts()
    {
        var data = Root("dgm:dataModel", "<dgm:ptLst><dgm:pt><dgm:t><a:p><a:r><a:t>First node</a:t></a:r></a:p></dgm:t></dgm:pt></dgm:ptLst>");
        var chart = Root("c:chartSpace", "<c:chart><c:title><c:tx><c:rich><a:p><a:r><a:t>Sales</a:t></a:r></a:p></c:rich></c:tx></c:title><c:plotArea><c:barChart><c:ser><c:tx><c:strRef><c:strCache><c:pt idx=\"0\"><c:v>2024</c:v></c:pt></c:strCache></c:strRef></c:tx><c:cat><c:strRef><c:strCache><c:pt idx=\"0\"><c:v>North</c:v></c:pt></c:strCache></c:strRef></c:cat><c:val><c:numRef><c:numCache><c:pt idx=\"0\"><c:v>4.4000000000000004</c:v></c:pt></c:numCache></c:numRef></c:val></c:ser></c:barChart></c:plotArea></c:chart>");
        var body = "<w:p><w:r><w:drawing><a:graphicData><wps:wsp><a:p><a:r><a:t>Shape text</a:t></a:r></a:p></wps:wsp><dgm:relIds r:dm=\"r0\"/><c:chart r:id=\"r1\"/></a:graphicData></w:drawing></w:r></w:p>";
        (await Markdown(Word(body, ("diagramData", data), ("chart", chart)))).ShouldBe("Shape text\n\nFirst node\n\nSales\n\n|  | 2024 |\n| - | - |\n| North | 4.4 |");
    }

    [Fact]
    public async Task Read_Tables_WithMergedCellsAndATableInside()
    {
        var inner = Table(Row(Cell(P("x")) + Cell(P("y"))));
        var table = Table(
            Row(Cell(P("wide"), "<w:gridSpan w:val=\"2\"/>") + Cell(P("c"))) +
            Row(Cell(P("tall"), "<w:vMerge w:val=\"restart\"/>") + Cell(P("d")) + Cell(inner)) +
            Row(Cell(P(""), "<w:vMerge/>") + Cell(P("e") + P("f")) + Cell(P("g|h"))));
        var (markdown, text) = await Read(Word(table));
        markdown.ShouldBe("| wide | wide | c |\n| - | - | - |\n| tall | d | x y |\n| tall | e<br>f | g\\|h |");
        text.ShouldBe("wide\t\tc\ntall\td\tx y\n\te f\tg|h");
    }

    [Fact]
    public async Task Read_TableOfOneCell_IsItsContent() => (await Text(Word(Table(Row(Cell(P("Framed") + P("Twice"))))))).ShouldBe("Framed\n\nTwice");

    [Fact]
    public async Task Read_TrackedChanges_KeepsInsertedDropsDeletedAndHidden()
    {
        var body = """<w:p><w:ins><w:r><w:t xml:space="preserve">new </w:t></w:r></w:ins><w:del><w:r><w:delText>old</w:delText></w:r></w:del><w:moveFrom><w:r><w:t>moved</w:t></w:r></w:moveFrom><w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r><w:r><w:t>kept</w:t></w:r></w:p>""";
        (await Text(Word(body))).ShouldBe("new kept");
    }

    [Fact]
    public async Task Read_Fields_ShowTheirResult()
    {
        var body = """<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> HYPERLINK "https://example.org/b" </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>shown</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r><w:fldSimple w:instr=" PAGE "><w:r><w:t> 7</w:t></w:r></w:fldSimple></w:p><w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> never ended </w:instrText></w:r></w:p>""" + P("after");
        (await Markdown(Word(body))).ShouldBe("[shown](https://example.org/b) 7\n\nafter");
    }

    [Fact]
    public async Task Read_NotesAndComments_FollowTheirText()
    {
        var body = """<w:p><w:r><w:t>Claim</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r><w:r><w:endnoteReference w:id="2"/></w:r><w:r><w:commentReference w:id="5"/></w:r></w:p>""";
        var page = await Text(Word(body,
            ("footnotes", Root("w:footnotes", "<w:footnote w:id=\"0\" w:type=\"separator\">" + P("---") + "</w:footnote><w:footnote w:id=\"2\">" + P("Proof") + "</w:footnote>")),
            ("endnotes", Root("w:endnotes", "<w:endnote w:id=\"2\">" + P("End") + "</w:endnote>")),
            ("comments", Root("w:comments", "<w:comment w:id=\"5\" w:author=\"Ada\">" + P("Sure?") + "</w:comment><w:comment w:id=\"6\" w:author=\"Bob\">" + P("Left over") + "</w:comment>"))));
        page.ShouldBe("Claim[^2][^e2]\n\n[Ada] Sure?\n\n[^2]: Proof\n\n[^e2]: End\n\n[Bob] Left over");
    }

    [Fact]
    public async Task Read_HeadersAndFooters_AreReadOnce()
    {
        const string Section = "<w:sectPr><w:headerReference w:type=\"default\" r:id=\"r0\"/><w:footerReference w:type=\"default\" r:id=\"r1\"/></w:sectPr>";
        var body = $"<w:p><w:pPr>{Section}</w:pPr><w:r><w:t>Text</w:t></w:r></w:p>{Section}";
        (await Text(Word(body, ("header", Root("w:hdr", P("Company head"))), ("footer", Root("w:ftr", P("7")))), pages: 2)).ShouldBe("Text\fCompany head");
    }

    [Fact]
    public async Task Read_Equations_AsFormulas()
    {
        const string Power = "<m:oMath><m:sSup><m:e><m:f><m:num><m:r><m:t>a</m:t></m:r></m:num><m:den><m:r><m:t>b</m:t></m:r></m:den></m:f></m:e><m:sup><m:r><m:t>2</m:t></m:r></m:sup></m:sSup></m:oMath>";
        (await Markdown(Word($"<w:p>{Power}</w:p><w:p><w:r><w:t xml:space=\"preserve\">with </w:t></w:r>{Power}</w:p>"))).ShouldBe(@"$${\frac{a}{b}}^{2}$$" + "\n\n" + @"with ${\frac{a}{b}}^{2}$");
    }

    [Fact]
    public async Task Read_ContentControlsSymbolsAndBreaks()
    {
        var body = "<w:sdt><w:sdtContent>" + P("Inside") + "</w:sdtContent></w:sdt><w:p><w:sdt><w:sdtContent><w:r><w:t>also</w:t></w:r></w:sdtContent></w:sdt><w:r><w:sym w:font=\"Symbol\" w:char=\"F061\"/><w:br/><w:noBreakHyphen/></w:r></w:p>";
        (await Text(Word(body))).ShouldBe("Inside\n\nalsoα\n‑");
    }

    [Fact]
    public async Task Read_PageBreaks_MakePages() =>
        (await Text(Word(P("one") + "<w:p><w:r><w:br w:type=\"page\"/></w:r><w:r><w:t>two</w:t></w:r></w:p><w:p><w:r><w:lastRenderedPageBreak/><w:t>three</w:t></w:r></w:p>" + P("four", "<w:pageBreakBefore/>")), pages: 4)).ShouldBe("one\ftwo\fthree\ffour");

    [Fact]
    public async Task Read_Strict_IsRead() => (await Markdown(Strict("Strict heading"))).ShouldBe("# Strict heading");

    [Fact]
    public async Task Read_LongDocument_IsCutBetweenBlocks()
    {
        using var bench = await ReadingBench.Create();
        var reading = await bench.Read("a.docx", Word(string.Concat(Enumerable.Range(0, 400).Select(i => P($"Paragraph {i} " + new string('x', 90))))));
        reading.Pages.Count.ShouldBeGreaterThan(2);
        string.Join("\n\n", reading.Pages.Select(page => page.Text)).Split("\n\n").Length.ShouldBe(400);
    }

    private static string Item(string text, int depth, int list) => P(text, string.Format(System.Globalization.CultureInfo.InvariantCulture, List, depth, list));

    private static string Table(string rows) => $"<w:tbl>{rows}</w:tbl>";

    private static string Row(string cells) => $"<w:tr>{cells}</w:tr>";

    private static string Cell(string content, string properties = "") => $"<w:tc><w:tcPr>{properties}</w:tcPr>{content}</w:tc>";

    private static async Task<string> Markdown(byte[] file) => (await Read(file)).Markdown;

    private static async Task<string> Text(byte[] file, int pages = 1) => (await Read(file, pages)).Text;

    private static async Task<(string Markdown, string Text)> Read(byte[] file, int pages = 1)
    {
        using var bench = await ReadingBench.Create();
        var reading = await bench.Read("a.docx", file);
        reading.Outcome.ShouldBe(ReadOutcome.Ready, string.Join('\n', bench.Lines));
        // The portal's own reader read it: no tool was run.
        bench.Lines.Count.ShouldBeLessThanOrEqualTo(2, string.Join('\n', bench.Lines));
        reading.Pages.Count.ShouldBe(pages);
        return (string.Join('\f', reading.Pages.Select(page => page.Markdown ?? page.Text)), string.Join('\f', reading.Pages.Select(page => page.Text)));
    }
}
