using BlazorAdmin.Features.Documents.Reading;
using static BlazorAdmin.Tests.Features.Documents.Formats.OfficeFiles;

namespace BlazorAdmin.Tests.Features.Documents.Formats;

public sealed class SlideReaderTests
{
    [Fact]
    public async Task Read_Slides_InTheOrderOfTheShowWithNotes()
    {
        var pages = await Pages(Slides([Shape("Agenda", "title") + Shape("Point", "body"), Shape("Welcome", "ctrTitle")], [1, 0], notesOfFirst: "Say hello"));
        pages.ShouldBe(["# Welcome", "# Agenda\n\n- Point\n\nSay hello"]);
    }

    [Fact]
    public async Task Read_EmptySlide_KeepsTheNumbersOfTheOthers() =>
        (await Pages(Slides([Shape("One"), "", Shape("Three"), ""], [0, 1, 2, 3]))).ShouldBe(["One", "", "Three", ""]);

    [Fact]
    public async Task Read_GroupsAndFurniture()
    {
        var group = $"<p:grpSp>{Shape("Inner")}<p:grpSp>{Shape("Innermost")}</p:grpSp></p:grpSp>";
        (await Pages(Slides([group + Shape("7", "sldNum") + Shape("1 May", "dt")], [0]))).ShouldBe(["Inner\n\nInnermost"]);
    }

    [Fact]
    public async Task Read_TableWithMergedCells()
    {
        var table = "<p:graphicFrame><a:graphic><a:graphicData><a:tbl>" + Row(Cell("wide", "gridSpan=\"2\"") + Cell("", "hMerge=\"1\"")) + Row(Cell("tall", "rowSpan=\"2\"") + Cell("b")) + Row(Cell("", "vMerge=\"1\"") + Cell("c")) + "</a:tbl></a:graphicData></a:graphic></p:graphicFrame>";
        (await Pages(Slides([table], [0]))).ShouldBe(["| wide | wide |\n| - | - |\n| tall | b |\n| tall | c |"]);
    }

    [Fact]
    public async Task Read_NumberedAndNestedParagraphs()
    {
        const string Body = "<p:sp><p:nvSpPr><p:nvPr/></p:nvSpPr><p:txBody><a:p><a:pPr><a:buAutoNum type=\"arabicPeriod\"/></a:pPr><a:r><a:t>one</a:t></a:r></a:p><a:p><a:pPr lvl=\"1\"><a:buChar char=\"-\"/></a:pPr><a:r><a:t>sub</a:t></a:r></a:p><a:p><a:pPr><a:buAutoNum type=\"arabicPeriod\"/></a:pPr><a:r><a:rPr b=\"1\"/><a:t>two</a:t></a:r></a:p></p:txBody></p:sp>";
        (await Pages(Slides([Body], [0]))).ShouldBe(["1. one\n    - sub\n2. **two**"]);
    }

    private static string Row(string cells) => $"<a:tr>{cells}</a:tr>";

    private static string Cell(string text, string attributes = "") => $"<a:tc {attributes}><a:txBody><a:p><a:r><a:t>{text}</a:t></a:r></a:p></a:txBody></a:tc>";

    private static async Task<string[]> Pages(byte[] file)
    {
        using var bench = await ReadingBench.Create();
        var reading = await bench.Read("a.pptx", file);
        reading.Outcome.ShouldBe(ReadOutcome.Ready, string.Join('\n', bench.Lines));
        return [.. reading.Pages.Select(page => page.Markdown ?? page.Text)];
    }
}
