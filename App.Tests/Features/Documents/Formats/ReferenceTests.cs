using BlazorAdmin.Features.Documents.Reading;

namespace BlazorAdmin.Tests.Features.Documents.Formats;

/// <summary>Real files keep what the plain tools lose; the figures themselves are measured by App.Benchmarks, group documents.</summary>
public sealed class ReferenceTests
{
    [SharedDataTheory]
    [InlineData("convert/docx/Strict.docx", "Some text")]
    [InlineData("convert/docx/drawingml.docx", "Category 4")]
    [InlineData("convert/docx/docx_rich_cells.docx", "A nested table")]
    [InlineData("convert/docx/unit_test_formatting.docx", "This is a footer")]
    [InlineData("convert/pptx/powerpoint_sample.pptx", "Final notes on the third slide")]
    [InlineData("convert/xlsx/xlsx_01.xlsx", "Sheet4 (hidden)")]
    [InlineData("convert/xlsx/xlsx_comments.xlsx", "I never thought it would be so low")]
    [InlineData("convert/odp/odf_presentation_01.odp", "And baz things")]
    [InlineData("convert/csv/csv-semicolon.csv", "Rasmussen Group")]
    [InlineData("hostile/testWORD.docx", "This is the header for our document")]
    [InlineData("ingest/eml_with_umlaut.eml", "But here: üöäüäö")]
    public async Task Read_RealFile_KeepsWhatIsEasilyLost(string file, string expected)
    {
        using var bench = await ReadingBench.Create();
        var reading = await bench.Read(SharedData.PathOf(file));
        reading.Outcome.ShouldBe(ReadOutcome.Ready, string.Join('\n', bench.Lines));
        string.Join('\n', reading.Pages.Select(page => page.Text)).ShouldContain(expected);
    }
}
