using BlazorAdmin.Features.Documents.Reading;

namespace BlazorAdmin.Tests.Features.Documents.Formats;

public sealed class CsvTableReaderTests
{
    [Theory]
    [InlineData("a;b\n1,5;2\n", "| a | b |\n| - | - |\n| 1,5 | 2 |")]
    [InlineData("a,b\r\n\"x,\n\"\"y\"\"\",2\r\n", "| a | b |\n| - | - |\n| x,<br>\"y\" | 2 |")]
    [InlineData("a\tb\n1\t2\t3\n", "| a | b |  |\n| - | - | - |\n| 1 | 2 | 3 |")]
    [InlineData("a,b\n1,\"never ended\n", "| a | b |\n| - | - |\n| 1 | never ended |")]
    public async Task Read_Csv_IsATable(string file, string expected) => (await Read(file)).Pages.ShouldHaveSingleItem().Markdown.ShouldBe(expected);

    [Fact]
    public async Task Read_NoTable_IsText() => (await Read("just one column\nof words\n")).Pages.ShouldHaveSingleItem().Text.ShouldBe("just one column\nof words");

    [Fact]
    public async Task Read_ManyRows_EachPartHasTheHead()
    {
        var reading = await Read("number;text\n" + string.Concat(Enumerable.Range(0, 3_000).Select(i => $"{i};row {i}\n")));
        reading.Pages.Count.ShouldBeGreaterThan(1);
        reading.Pages.ShouldAllBe(page => page.Markdown!.StartsWith("| number | text |\n| - | - |\n"));
        reading.Pages.Sum(page => page.Text.Split('\n').Count(line => line.Contains("\trow "))).ShouldBe(3_000);
    }

    private static async Task<Reading> Read(string file)
    {
        using var bench = await ReadingBench.Create();
        var reading = await bench.Read("a.csv", Zips.Bytes(file));
        reading.Inspection!.Type.ShouldBe(ContentType.Csv);
        return reading;
    }
}
