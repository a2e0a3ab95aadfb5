using System.Text;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Documents;
using BlazorAdmin.Features.Documents.Formats;
using BlazorAdmin.Features.Documents.Reading;
using BlazorAdmin.Tests.Data;

namespace BlazorAdmin.Tests.Features.Documents.Formats;

/// <summary>Mails that Outlook saved: headers, text, what is attached, mails inside them; and files that only look like one.</summary>
public sealed class OutlookMailTests(DatabaseFixture fixture) : IClassFixture<DatabaseFixture>
{
    [Fact]
    public async Task Read_OutlookMail_ShowsHeadersTextAndNames()
    {
        using var bench = await ReadingBench.Create();

        var reading = await bench.Read("offer.msg", CompoundFiles.Of(CompoundFiles.Mail("Angebot für März", "Jürgen", "Guten Tag,\r\nim Anhang das Angebot.", CompoundFiles.File("angebot.txt", Bytes("119,00 EUR")))));

        (reading.Outcome, reading.Inspection!.Type).ShouldBe((ReadOutcome.Ready, ContentType.OutlookMessage));
        reading.Pages.ShouldHaveSingleItem().Text.ShouldBe("From: Jürgen <jürgen@example.org>\nTo: Büro; Lager\nDate: Tue, 05 Mar 2024 08:30:00 +0000\nSubject: Angebot für März\n\nGuten Tag,\nim Anhang das Angebot.\n\n[angebot.txt]");
    }

    [Fact]
    public async Task Read_HtmlAndOldCharacterSet_AreText()
    {
        using var bench = await ReadingBench.Create();
        var mail = CompoundFiles.Mail("x", "a", "");
        mail["__properties_version1.0"] = CompoundFiles.Properties(32, (0x3FDE, 0x0003, 1252), (0x3FFD, 0x0003, 1252));
        mail.Remove("__substg1.0_0037001F");
        mail["__substg1.0_0037001E"] = Encoding.Latin1.GetBytes("Grüße");
        mail["__substg1.0_10130102"] = Encoding.Latin1.GetBytes("<html><body><p>Schöne <b>Grüße</b></p><script>x</script></body></html>");

        var text = (await bench.Read("a.msg", CompoundFiles.Of(mail))).Pages.ShouldHaveSingleItem().Text;

        text.ShouldContain("Subject: Grüße");
        text.ShouldEndWith("Schöne Grüße");
    }

    [Fact]
    public async Task Read_PicturesThatTheTextShows_AreNoAttachments()
    {
        using var bench = await ReadingBench.Create();
        var (logo, photo) = (CompoundFiles.File("logo.png", Bytes("x")), CompoundFiles.File("photo.png", Bytes("y")));
        (logo["__substg1.0_3712001F"], photo["__substg1.0_3712001F"]) = (CompoundFiles.Wide("Logo@1"), CompoundFiles.Wide("photo@2"));
        var mail = CompoundFiles.Mail("s", "a", "", logo, photo);
        mail["__substg1.0_1013001F"] = CompoundFiles.Wide("<p>words</p><img src=\"cid:logo%401\">");

        var text = (await bench.Read("a.msg", CompoundFiles.Of(mail))).Pages.ShouldHaveSingleItem().Text;

        text.ShouldEndWith("words\n\n[photo.png]");
    }

    [Fact]
    public async Task Read_Attachments_BecomeDocumentsAndMailsInsideToo()
    {
        using var bench = new DocumentsBench(fixture.ConnectionString);
        var person = await bench.Person(DocumentsBench.Member);
        var large = new byte[70_000];
        new Random(3).NextBytes(large);
        var inner = CompoundFiles.Mail("Innen", "b", "Innere Wörter", CompoundFiles.File("ü.txt", Bytes("ganz innen")));
        var id = await person.Upload("outer.msg", CompoundFiles.Of(CompoundFiles.Mail("Außen", "a", "Äußere Wörter", CompoundFiles.File("large.bin", large), CompoundFiles.Inner(inner))));

        await bench.Read(id);

        var children = await Children(bench, id);
        children.Select(child => (child.ParentPart, child.Name)).ShouldBe([(1, "large.bin"), (2, "Innen.eml")]);
        (await File.ReadAllBytesAsync(bench.Store.PathOf(children[0].Sha256))).ShouldBe(large);
        await bench.Read(children[1].Id);
        (await bench.Load(children[1].Id)).State.ShouldBe(DocumentState.Ready);
        (await person.Library.Page(children[1].Id, 1, default))!.Text.ShouldContain("Subject: Innen\n\nInnere Wörter");
        var innermost = (await Children(bench, children[1].Id)).ShouldHaveSingleItem();
        (innermost.Name, await File.ReadAllTextAsync(bench.Store.PathOf(innermost.Sha256))).ShouldBe(("ü.txt", "ganz innen"));

        // Known again by their bytes.
        await person.Service.ReadAgain([id], default);
        await bench.Read(id);
        (await Children(bench, id)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Read_BrokenAtAnyPlace_HasANamedOutcomeAndEnds()
    {
        using var bench = await ReadingBench.Create();
        var whole = CompoundFiles.Of(CompoundFiles.Mail("s", "a", "words", CompoundFiles.File("a.bin", new byte[9_000]), CompoundFiles.Inner(CompoundFiles.Mail("i", "b", "inner"))));
        var random = new Random(11);
        for (var run = 0; run < 300; run++)
        {
            var bytes = run % 3 == 0 ? whole[..random.Next(600, whole.Length)] : [.. whole];
            // Chains and trees that lead anywhere.
            for (var i = 0; i < 6; i++) BitConverter.TryWriteBytes(bytes.AsSpan(random.Next(10, bytes.Length / 4 - 1) * 4), run % 2 == 0 ? (uint)random.Next(0, 40) : (uint)random.Next());
            var outcome = (await bench.Read("a.msg", bytes)).Outcome;
            outcome.ShouldBeOneOf(ReadOutcome.Ready, ReadOutcome.NoText, ReadOutcome.Damaged, ReadOutcome.Unsupported, ReadOutcome.TooLarge);
        }
    }

    [Fact]
    public void Read_StreamsLaidOverEachOther_AreRefused()
    {
        var parts = Enumerable.Range(0, 40).Select(i => CompoundFiles.File($"{i:00}.bin", new byte[5_000])).ToArray();
        var bytes = CompoundFiles.Of(CompoundFiles.Mail("s", "a", "words", parts));
        // Each of them claims nearly the whole file.
        for (var at = 512; at + 128 <= bytes.Length; at += 128)
            if (BitConverter.ToInt32(bytes, at + 120) == 5_000 && Encoding.Unicode.GetString(bytes, at, 40) == "__substg1.0_37010102") BitConverter.TryWriteBytes(bytes.AsSpan(at + 120), bytes.Length - 1_000);
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, bytes);
            Should.Throw<InvalidDataException>(() => OutlookMail.Read(path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static Task<List<Document>> Children(DocumentsBench bench, Guid parent) => bench.Query(db => db.Set<Document>().AsNoTracking().Where(d => d.ParentId == parent).OrderBy(d => d.ParentPart).ToListAsync());
}
