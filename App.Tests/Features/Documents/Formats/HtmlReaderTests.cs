using BlazorAdmin.Features.Documents.Reading;

namespace BlazorAdmin.Tests.Features.Documents.Formats;

public sealed class HtmlReaderTests
{
    [Theory]
    [InlineData("<h2>A <b>b</b></h2>text<p>x<br>y</p>", "## A **b**\n\ntext\n\nx  \ny")]
    [InlineData("<ol start=3><li>a<ul><li>b</li></ul></li><li>c</li></ol>", "3. a\n    - b\n4. c")]
    [InlineData("<dl><dt>T</dt><dd>d</dd></dl>", "- **T**\n    - d")]
    [InlineData("<table><tr><td rowspan=2>a</td><td colspan=2>b</td></tr><tr><td>c</td><td>d|e</td></tr></table>", "| a | b | b |\n| - | - | - |\n| a | c | d\\|e |")]
    [InlineData("<p>a <a href='https://e.org/'>l</a> <a href='javascript:x()'>m</a> <a href=' data:text/html,x'>n</a></p>", "a [l](https://e.org/) m n")]
    [InlineData("<p>seen<span hidden>h</span><span style='display: none'>i</span><script>s()</script><style>t</style></p><template>u</template>", "seen")]
    [InlineData("<p>a<img src='http://e.org/x.png' alt='a duck'>b</p>", "a a duck b")]
    [InlineData("<div class='nav-bar'><img alt='logo'>Home</div><p>H<sub>2</sub>O, 10<sup>3</sup></p>", "Home\n\nH<sub>2</sub>O, 10<sup>3</sup>")]
    [InlineData("<pre>a\n  b</pre>", "```\na\n  b\n```")]
    [InlineData("<p>1 &lt; 2 &amp; *x*</p>", "1 &lt; 2 & \\*x\\*")]
    [InlineData("<p>unclosed<p>twice<table><tr><td>a<td>b</table>", "unclosed\n\ntwice\n\n| a | b |\n| - | - |")]
    public async Task Read_Html_GivesMarkdown(string html, string expected)
    {
        using var bench = await ReadingBench.Create();
        var reading = await bench.Read("a.html", Zips.Bytes("<!doctype html><html><head><title>no</title></head><body>" + html + "</body></html>"));
        reading.Outcome.ShouldBe(ReadOutcome.Ready);
        var page = reading.Pages.ShouldHaveSingleItem();
        (page.Markdown ?? page.Text).ShouldBe(expected);
    }

    [Theory]
    [InlineData("<div>")]
    [InlineData("<b>")]
    [InlineData("<table><tr><td>")]
    [InlineData("<ul><li>")]
    [InlineData("<a href=x><font>")]
    public async Task Read_NestedTooDeep_IsNamedAtOnce(string element)
    {
        using var bench = await ReadingBench.Create();
        var reading = await bench.Read("a.html", Zips.Bytes("<html><body>" + string.Concat(Enumerable.Repeat(element, 100_000)) + "x"));
        (reading.Outcome, reading.Reason!.Key).ShouldBe((ReadOutcome.Suspicious, "NestedTooDeep"));
    }

    [Fact]
    public async Task Read_ManyUnclosedParagraphs_AreNoNesting()
    {
        using var bench = await ReadingBench.Create();
        (await bench.Read("a.html", Zips.Bytes("<html><body>" + string.Concat(Enumerable.Repeat("<p>line", 5_000))))).Outcome.ShouldBe(ReadOutcome.Ready);
    }

    [Fact]
    public async Task Read_OldCodePage_IsDecodedByItsMeta()
    {
        using var bench = await ReadingBench.Create();
        byte[] file = [.. "<html><head><meta charset=\"windows-1251\"></head><body><p>"u8, 0xCF, 0xF0, 0xE8, 0xE2, 0xE5, 0xF2, .. "</p></body></html>"u8];
        (await bench.Read("a.html", file)).Pages[0].Text.ShouldBe("Привет");
    }
}
