using System.Buffers.Binary;
using System.Text;
using BlazorAdmin.Features.Documents.Reading;

namespace BlazorAdmin.Tests.Features.Documents;

public sealed class DocumentReaderTests
{
    [Fact]
    public async Task Read_Word_GivesTextAndMarkdown()
    {
        using var bench = await ReadingBench.Create();
        var reading = await bench.Read("a.docx", Zips.Word("Guten Tag, Welt"));

        reading.Outcome.ShouldBe(ReadOutcome.Ready);
        reading.Inspection!.Type.ShouldBe(ContentType.Docx);
        reading.Pages.ShouldHaveSingleItem().Text.ShouldBe("Guten Tag, Welt");
    }

    [Fact]
    public async Task Read_LongMarkdown_AlignsTextAndMarkdownBySection()
    {
        using var bench = await ReadingBench.Create();
        var text = string.Concat(Enumerable.Range(0, 60).Select(i => $"# Part {i}\n\n{string.Concat(Enumerable.Repeat($"Sentence of **part {i}**. ", 30))}\n\n"));

        var reading = await bench.Read("long.md", Encoding.UTF8.GetBytes(text));

        reading.Pages.Count.ShouldBeGreaterThan(2);
        foreach (var page in reading.Pages)
        {
            var part = page.Text.TrimStart().Split('\n')[0];
            page.Markdown!.ShouldStartWith("# " + part + "\n");
        }
        reading.Pages.ShouldAllBe(page => !page.Text.Contains("section"));
    }

    [Theory]
    [InlineData("../../outside.xml")]
    [InlineData("..\\outside.xml")]
    [InlineData("/etc/outside.xml")]
    [InlineData("C:\\outside.xml")]
    public async Task Read_PathOutOfArchive_IsSuspicious(string name) =>
        await Ends("a.docx", Zips.Word("x", (name, [1])), ReadOutcome.Suspicious, "ArchivePathOutside");

    [Fact]
    public async Task Read_ZipBomb_IsSuspicious() =>
        await Ends("a.docx", Zips.Word("x", ("word/media/a.bin", new byte[100 << 20])), ReadOutcome.Suspicious, "ArchiveRatio");

    [Fact]
    public async Task Read_DeclaredSizeLies_IsStillSeen()
    {
        var bytes = Zips.Word("x", ("word/media/a.bin", new byte[100 << 20]));
        // The directory claims 10 bytes for every large part.
        for (var i = 0; i + 46 < bytes.Length; i++)
        {
            var entry = bytes.AsSpan(i);
            if (BinaryPrimitives.ReadUInt32LittleEndian(entry) == 0x02014b50 && BinaryPrimitives.ReadUInt32LittleEndian(entry[24..]) > 1 << 20) BinaryPrimitives.WriteUInt32LittleEndian(entry[24..], 10);
        }
        await Ends("a.docx", bytes, ReadOutcome.Suspicious, "ArchiveRatio");
    }

    [Fact]
    public async Task Read_ManyEntries_IsSuspicious() =>
        await Ends("a.docx", Zips.Word("x", [.. Enumerable.Range(0, 10_001).Select(i => ($"p/{i}", new byte[] { 1 }))]), ReadOutcome.Suspicious, "ArchiveTooManyEntries");

    [Fact]
    public async Task Read_ArchivesInArchives_AreSuspicious()
    {
        var inner = Zips.Of(("a.txt", [65]));
        for (var i = 0; i < 6; i++) inner = Zips.Of(("inner.zip", inner));
        await Ends("a.docx", Zips.Word("x", ("word/embeddings/a.docx", inner)), ReadOutcome.Suspicious, "ArchiveTooDeep");
    }

    [Fact]
    public async Task Read_EntitiesInWord_AreSuspicious() =>
        await Ends("a.docx", Zips.Word([], "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>", "&amp;e;"), ReadOutcome.Suspicious, "ExternalEntities");

    [Fact]
    public async Task Read_EntitiesInXml_AreSuspicious() =>
        await Ends("a.xml", Zips.Bytes("<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><x>&e;</x>"), ReadOutcome.Suspicious, "ExternalEntities");

    [Fact]
    public async Task Read_Executable_IsUnsupported() => await Ends("invoice.pdf", Zips.Bytes("MZ" + new string('\0', 100)), ReadOutcome.Unsupported, "TypeExecutable");

    [Fact]
    public async Task Read_Nothing_IsEmpty() => await Ends("a.pdf", [], ReadOutcome.Empty, "FileEmpty");

    [Fact]
    public async Task Read_DamagedPdf_IsDamaged() => await Ends("a.pdf", Zips.Bytes("%PDF-1.7\nnothing that follows is a document"), ReadOutcome.Damaged, "PdfDamaged");

    [Fact]
    public async Task Read_HugePicture_IsTooLargeBeforeDecoding()
    {
        byte[] png = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, .. "IHDR"u8, 0, 0, 0, 1, 0x1D, 0xCD, 0x65, 0x00, 8, 2, 0, 0, 0, 0, 0, 0, 0];
        await Ends("a.png", png, ReadOutcome.TooLarge, "PictureTooLarge");
    }

    [Fact]
    public async Task Read_TiffPagesInACircle_Ends()
    {
        var tiff = new byte[64];
        "II*\0"u8.CopyTo(tiff);
        BinaryPrimitives.WriteUInt32LittleEndian(tiff.AsSpan(4), 8);
        BinaryPrimitives.WriteUInt16LittleEndian(tiff.AsSpan(8), 0);
        BinaryPrimitives.WriteUInt32LittleEndian(tiff.AsSpan(10), 8);
        await Ends("a.tif", tiff, ReadOutcome.Damaged, "PictureDamaged");
    }

    [Fact]
    public async Task Read_DeeplyNestedHtml_EndsInNamedOutcome()
    {
        using var bench = await ReadingBench.Create();
        bench.Options.ToolSeconds = 10;
        var html = "<html><body>" + string.Concat(Enumerable.Repeat("<div>", 100_000)) + "x";

        var reading = await bench.Read("deep.html", Zips.Bytes(html));

        reading.Outcome.ShouldBeOneOf(ReadOutcome.Suspicious, ReadOutcome.TimedOut, ReadOutcome.TooLarge, ReadOutcome.Damaged, ReadOutcome.Ready);
        bench.ProcessesLeft().ShouldBeEmpty();
    }

    [Fact]
    public async Task Read_Html_LoadsNothingFromOutside()
    {
        using var bench = await ReadingBench.Create();
        var reading = await bench.Read("a.html", Zips.Bytes("<html><body><p>Visible</p><img src='file:///etc/passwd'><iframe src='/etc/passwd'></iframe><script>evil()</script></body></html>"));

        reading.Outcome.ShouldBe(ReadOutcome.Ready);
        var all = string.Concat(reading.Pages.Select(page => page.Text + page.Markdown));
        all.ShouldContain("Visible");
        all.ShouldNotContain("root:");
        all.ShouldNotContain("evil()");
    }

    [Fact]
    public async Task Read_TooManyPdfPages_IsNamed()
    {
        using var bench = await ReadingBench.Create();
        bench.Options.MaxPages = 3;

        var reading = await bench.Read("a.pdf", Pdfs.Of([.. Enumerable.Range(1, 4).Select(i => $"Page number {i}")]));

        reading.Outcome.ShouldBe(ReadOutcome.TooManyPages);
    }

    [Fact]
    public async Task Read_ManyPdfPages_KeepsEachPageApart()
    {
        using var bench = await ReadingBench.Create();
        var reading = await bench.Read("a.pdf", Pdfs.Of([.. Enumerable.Range(1, 120).Select(i => $"This is page {i} of many")]));

        reading.Outcome.ShouldBe(ReadOutcome.Ready);
        reading.Pages.Select(page => page.Text).ShouldBe(Enumerable.Range(1, 120).Select(i => $"This is page {i} of many"));
        bench.Progress[^1].Percent.ShouldBe(100);
        bench.Progress.Select(step => step.Percent).ShouldBeInOrder();
    }

    [Fact]
    public async Task Read_AgainAfterACut_RunsOnlyWhatIsNotRecorded()
    {
        using var bench = await ReadingBench.Create();
        var journal = new MemoryJournal();
        var path = bench.Write("a.pdf", Pdfs.Of(["The first page has text", "", "The third page has text"]));
        var first = await bench.Read(path, journal);
        journal.Records.Select(record => record.Step + record.Part).ShouldBe(["inspect", "convert", "ocr2"]);
        var lines = bench.Lines.Count;

        var second = await bench.Read(path, journal);

        second.Pages.ShouldBe(first.Pages);
        journal.Records.Count.ShouldBe(3);
        bench.Lines.Count.ShouldBe(lines);
    }

    [Fact]
    public async Task Read_BlankPage_IsNotRecognised()
    {
        using var bench = await ReadingBench.Create();
        var reading = await bench.Read("a.pdf", Pdfs.Of("", "7"));

        bench.Lines.Count(line => line.StartsWith("pdftoppm", StringComparison.Ordinal)).ShouldBe(2);
        bench.Lines.ShouldContain(line => line.StartsWith("tesseract", StringComparison.Ordinal));
        reading.Pages[0].Origin.ShouldBe(TextOrigin.None);
        reading.Pages[1].Text.ShouldBe("7");
    }

    [Fact]
    public async Task Read_Mail_GivesHeadersBodyAndAttachmentNames()
    {
        using var bench = await ReadingBench.Create();
        var reading = await bench.Read("a.eml", Zips.Bytes("""
            From: =?utf-8?Q?J=C3=BCrgen?= <j@example.org>
            To: b@example.org
            Subject: =?utf-8?B?R3LDvMOfZQ==?=
            MIME-Version: 1.0
            Content-Type: multipart/mixed; boundary="xx"

            --xx
            Content-Type: text/plain; charset=iso-8859-1
            Content-Transfer-Encoding: quoted-printable

            Sch=F6ne Gr=FC=DFe
            --xx
            Content-Type: application/pdf
            Content-Disposition: attachment; filename="offer.pdf"

            x
            --xx--
            """));

        var text = reading.Pages.ShouldHaveSingleItem().Text;
        text.ShouldContain("From: Jürgen <j@example.org>");
        text.ShouldContain("Subject: Grüße");
        text.ShouldContain("Schöne Grüße");
        text.ShouldContain("[offer.pdf]");
    }

    [Fact]
    public async Task Read_TextOverLimit_IsTooLarge()
    {
        using var bench = await ReadingBench.Create();
        bench.Options.MaxTextBytes = 1_000;

        (await bench.Read("a.txt", Zips.Bytes(new string('x', 2_000)))).Outcome.ShouldBe(ReadOutcome.TooLarge);
    }

    [Fact]
    public async Task Read_MissingTool_IsFailedByName()
    {
        using var bench = await ReadingBench.Create();
        using var folder = bench.NewFolder();
        var context = bench.Context(folder) with { Runner = new NoTools() };
        var reader = new DocumentReader(new InspectStep(), new ConvertStep(), new OcrStep(), TimeProvider.System);

        var reading = await reader.Read(new DocumentSource(bench.Write("a.pdf", Pdfs.Of(["x"])), "a.pdf"), context, new MemoryJournal(), CancellationToken.None);

        reading.Outcome.ShouldBe(ReadOutcome.Failed);
        reading.Reason!.ToString().ShouldBe("ToolMissingPackage(pdfinfo, poppler-utils)");
    }

    private static async Task Ends(string name, byte[] bytes, ReadOutcome outcome, string reason)
    {
        using var bench = await ReadingBench.Create();
        var reading = await bench.Read(name, bytes);

        reading.Outcome.ShouldBe(outcome);
        reading.Reason!.Key.ShouldBe(reason);
        bench.FilesLeft().ShouldBeEmpty();
        bench.ProcessesLeft().ShouldBeEmpty();
    }

    private sealed class NoTools : IProcessRunner
    {
        public Task<ToolResult> Run(ToolCommand command, CancellationToken cancel) =>
            Task.FromResult(new ToolResult(ToolEnd.NotStarted, -1, [], "", TimeSpan.Zero));
    }
}
