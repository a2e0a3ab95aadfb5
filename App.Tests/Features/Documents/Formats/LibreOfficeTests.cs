using BlazorAdmin.Features.Documents.Formats;
using BlazorAdmin.Features.Documents.Reading;

namespace BlazorAdmin.Tests.Features.Documents.Formats;

public sealed class LibreOfficeTests
{
    [LibreOfficeTheory]
    [InlineData("ingest/sample.doc", "older .doc format")]
    public async Task Read_OldOffice_ThroughLibreOffice(string file, string expected)
    {
        using var bench = await ReadingBench.Create();
        var reading = await bench.Read(SharedData.PathOf(file));
        reading.Outcome.ShouldBe(ReadOutcome.Ready, string.Join('\n', bench.Lines));
        reading.Pages.ShouldHaveSingleItem().Text.ShouldContain(expected);
        bench.FilesLeft().ShouldBeEmpty();
        bench.ProcessesLeft().ShouldBeEmpty();
    }

    [Fact]
    public async Task Read_OldOfficeWithoutTheProgram_NamesThePackages()
    {
        using var bench = await ReadingBench.Create();
        using var folder = bench.NewFolder();
        var context = bench.Context(folder) with { Runner = new NoTools() };
        var input = new ConvertInput(new DocumentSource(bench.Write("a.doc", [1]), "a.doc"), new Inspection(ContentType.Doc, 1, null));

        var result = await new ConvertStep().Run(input, context, CancellationToken.None);

        result.Outcome.ShouldBe(ReadOutcome.Failed);
        result.Reason!.ToString().ShouldStartWith("ToolMissingPackage(soffice, libreoffice-writer-nogui");
    }

    [LibreOfficeFact]
    public async Task Read_FilesOfLibreOffice_ComeBackAsTheyWere()
    {
        using var bench = await ReadingBench.Create();
        using var folder = bench.NewFolder();
        var context = bench.Context(folder);
        var xlsx = bench.Write("a.xlsx", OfficeFiles.Sheets([("Zahlen", "", "<sheetData><row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>Größe</t></is></c><c r=\"B1\"><v>4.5</v></c></row></sheetData>")]));
        var made = folder.File("old");
        await context.Run("soffice", ["-env:UserInstallation=" + new Uri(folder.File("profile")).AbsoluteUri, "--headless", "--convert-to", "xls", "--outdir", made, xlsx], [xlsx], CancellationToken.None, context.Limits with { MemoryBytes = 6L << 30 });
        File.Exists(Path.Combine(made, "a.xls")).ShouldBeTrue(string.Join('\n', bench.Lines));

        var reading = await bench.Read("b.xls", await File.ReadAllBytesAsync(Path.Combine(made, "a.xls")));

        reading.Inspection!.Type.ShouldBe(ContentType.Xls);
        reading.Pages.ShouldHaveSingleItem().Text.ShouldBe("Zahlen\n\nGröße\t4.5");
    }

    private sealed class NoTools : IProcessRunner
    {
        public Task<ToolResult> Run(ToolCommand command, CancellationToken cancel) => Task.FromResult(new ToolResult(ToolEnd.NotStarted, -1, [], "", TimeSpan.Zero));
    }
}
