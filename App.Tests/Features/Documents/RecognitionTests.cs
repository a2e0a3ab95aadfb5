using System.Text.Json;
using BlazorAdmin.Features.Documents.Reading;
using BlazorAdmin.Features.Documents.Recognition;

namespace BlazorAdmin.Tests.Features.Documents;

/// <summary>Scanned pages and photographs that the tests draw themselves.</summary>
public sealed class RecognitionTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(90)]
    [InlineData(180)]
    [InlineData(270)]
    public async Task Read_ScanTurned_IsReadUprightAndKeptSearchable(int turn)
    {
        using var bench = await ReadingBench.Create();
        var path = bench.Write("scan.pdf", Scans.Scan((await Scans.Page(bench, Scans.Letter)).Turn(turn)));
        using var folder = bench.NewFolder();

        var reading = await Read(bench, folder, path);

        reading.Outcome.ShouldBe(ReadOutcome.Ready);
        reading.Pages[0].Text.ShouldContain("twelve wooden chairs");
        reading.Pages[0].Confidence!.Value.ShouldBeGreaterThan(80);
        if (turn == 0) bench.Lines.Count(line => line.StartsWith("tesseract", StringComparison.Ordinal)).ShouldBe(1);
        (await TextOf(bench, folder, reading.Searchable!.Path)).ShouldContain("twelve wooden chairs");
        (await Output(bench, folder, "pdfinfo", reading.Searchable.Path)).ShouldContain("Pages:           1");
        if (turn != 0) (await Output(bench, folder, "pdfinfo", reading.Searchable.Path)).ShouldContain($"Page rot:        {360 - turn}");
        Quality.Of(reading)!.Score.ShouldBeGreaterThan(Quality.Good);
    }

    [Fact]
    public async Task Read_PhotographHeldSideways_GoesByTheCamera()
    {
        using var bench = await ReadingBench.Create();
        // The camera stored it turned to the left and says so.
        var path = bench.Write("photo.jpg", await Scans.Jpeg(bench, (await Scans.Page(bench, Scans.Letter)).Turn(270), orientation: 6));
        using var folder = bench.NewFolder();

        var reading = await Read(bench, folder, path);

        reading.Pages[0].Text.ShouldContain("twelve wooden chairs");
        bench.Lines.Count(line => line.StartsWith("tesseract", StringComparison.Ordinal)).ShouldBe(1);
        (await TextOf(bench, folder, reading.Searchable!.Path)).ShouldContain("wooden");
    }

    [Fact]
    public async Task Read_FewLettersOverAPicture_AreRecognisedAsWell()
    {
        using var bench = await ReadingBench.Create();
        var path = bench.Write("stamped.pdf", Scans.Scan(await Scans.Page(bench, Scans.Letter), "BT /F 9 Tf 20 20 Td (Received 12 May, office 3) Tj ET"));
        using var folder = bench.NewFolder();

        var reading = await Read(bench, folder, path);

        reading.Pages[0].Origin.ShouldBe(TextOrigin.Recognition);
        reading.Pages[0].Text.ShouldContain("twelve wooden chairs");
        bench.Lines.ShouldContain(line => line.Contains("letters over a picture that covers 100 % of it"));
    }

    [Fact]
    public async Task Read_FewLettersWithoutAPicture_AreThePage()
    {
        using var bench = await ReadingBench.Create();

        var reading = await bench.Read("a.pdf", Pdfs.Of("Chapter one of the book"));

        reading.Pages[0].Origin.ShouldBe(TextOrigin.File);
        bench.Lines.ShouldNotContain(line => line.StartsWith("tesseract", StringComparison.Ordinal));
        reading.Searchable.ShouldBeNull();
    }

    [Fact]
    public async Task Read_UnreadableTextLayer_IsReplacedByRecognition()
    {
        using var bench = await ReadingBench.Create();
        const string noise = "BT 3 Tr /F 9 Tf 20 400 Td (xqzrtplkjhgf l|I|] ;;_^~ vbnmqwrtzpkl ~|~^; {{]]~^ aBcDeFgHi kjhgfdxzqwr ^^~~|; wrtzpsdfghjk) Tj ET";
        var path = bench.Write("noise.pdf", Scans.Scan(await Scans.Page(bench, Scans.Letter), noise));
        using var folder = bench.NewFolder();

        var reading = await Read(bench, folder, path);

        reading.Pages[0].Origin.ShouldBe(TextOrigin.Recognition);
        reading.Pages[0].Text.ShouldContain("twelve wooden chairs");
        bench.Lines.ShouldContain(line => line.Contains("its text is not readable"));
    }

    [Fact]
    public async Task Read_SearchableCannotBeMade_IsAReadingAllTheSame()
    {
        using var bench = await ReadingBench.Create();
        var path = bench.Write("scan.pdf", Scans.Scan(await Scans.Page(bench, Scans.Letter)));
        using var folder = bench.NewFolder();
        var journal = new MemoryJournal();

        var reading = await Read(bench, folder, path, journal, new Without(bench.Runner, "qpdf"));

        reading.Outcome.ShouldBe(ReadOutcome.Ready);
        reading.Searchable.ShouldBeNull();
        bench.Lines.ShouldContain(line => line.StartsWith("warning: no searchable PDF", StringComparison.Ordinal) && line.Contains("qpdf", StringComparison.Ordinal));
        journal.Records.Select(record => record.Step).ShouldNotContain("searchable");
    }

    [Fact]
    public async Task Read_AfterARestart_MakesTheSearchableCopyFromWhatWasRecorded()
    {
        using var bench = await ReadingBench.Create();
        var path = bench.Write("scan.pdf", Scans.Scan((await Scans.Page(bench, Scans.Letter)).Turn(180)));
        var journal = new MemoryJournal();
        string first;
        using (var folder = bench.NewFolder()) first = Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(await File.ReadAllBytesAsync((await Read(bench, folder, path, journal)).Searchable!.Path)));
        JsonSerializer.Deserialize<StepResult<OcrPage>>(JsonSerializer.Serialize((await journal.Find<OcrPage>("ocr", new OcrStep().Version, "1", CancellationToken.None))!))!.Output!.Way!.Turn.ShouldBe(180);
        using var again = bench.NewFolder();

        var reading = await Read(bench, again, path, journal);

        Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(await File.ReadAllBytesAsync(reading.Searchable!.Path))).ShouldBe(first);
        journal.Records.Select(record => record.Step).ShouldBe(["inspect", "convert", "ocr", "searchable"]);
    }

    [Fact]
    public async Task Read_PagesOfATiff_AreAllInTheSearchableCopy()
    {
        using var bench = await ReadingBench.Create();
        var page = await Scans.Page(bench, Scans.Letter);
        var other = await Scans.Page(bench, "The second page speaks of herons", "and of the cranes beside the lake", "that leave the country in autumn");
        var path = bench.Write("pages.tif", Pictures.Tiff(page, other));
        using var folder = bench.NewFolder();

        var reading = await Read(bench, folder, path);

        reading.Pages.Count.ShouldBe(2);
        reading.Pages[1].Text.ShouldContain("herons");
        var text = await TextOf(bench, folder, reading.Searchable!.Path);
        text.ShouldContain("wooden");
        text.ShouldContain("herons");
    }

    [Theory]
    [InlineData("fra", "fra")]
    [InlineData("deu+eng+fra", "deu+eng+fra")]
    [InlineData(null, "deu+eng")]
    [InlineData("../../etc/passwd", "deu+eng")]
    [InlineData("eng --psm 0", "deu+eng")]
    public void WithLanguages_OfACollection_TakesNamesOnly(string? languages, string expected) => new ReadingOptions().WithLanguages(languages).Languages.ShouldBe(expected);

    private static async Task<Reading> Read(ReadingBench bench, WorkFolder folder, string path, IReadingJournal? journal = null, IProcessRunner? runner = null)
    {
        var reader = new DocumentReader(new InspectStep(), new ConvertStep(), new OcrStep(), TimeProvider.System);
        return await reader.Read(new DocumentSource(path, Path.GetFileName(path)), bench.Context(folder) with { Runner = runner ?? bench.Runner }, journal ?? new MemoryJournal(), CancellationToken.None);
    }

    private static Task<string> TextOf(ReadingBench bench, WorkFolder folder, string path) => Output(bench, folder, "pdftotext", path, "-");

    private static async Task<string> Output(ReadingBench bench, WorkFolder folder, string tool, params string[] arguments) =>
        (await bench.Runner.Run(new ToolCommand(tool, arguments, folder), CancellationToken.None)).Text;

    private sealed class Without(IProcessRunner runner, string missing) : IProcessRunner
    {
        public Task<ToolResult> Run(ToolCommand command, CancellationToken cancel) => command.Program == missing
            ? Task.FromResult(new ToolResult(ToolEnd.NotStarted, -1, [], "", TimeSpan.Zero))
            : runner.Run(command, cancel);
    }
}
