using BlazorAdmin.Features.Documents;
using BlazorAdmin.Features.Documents.Extraction;
using BlazorAdmin.Features.Documents.Viewing;
using BlazorAdmin.Tests.Data;

namespace BlazorAdmin.Tests.Features.Documents.Library;

public sealed class TextSearchTests(DatabaseFixture fixture) : IClassFixture<DatabaseFixture>, IDisposable
{
    private readonly DocumentsBench _bench = new(fixture.ConnectionString);

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("Überweisung", true)]
    [InlineData("überweisung", true)]
    [InlineData("\"offene Überweisung\"", true)]
    [InlineData("\"Überweisung offene\"", false)]
    [InlineData("überweisung -größe", false)]
    [InlineData("überweisung -nirgends", true)]
    [InlineData("nirgends or größe", true)]
    [InlineData("O'Brien", true)]
    [InlineData("'; DROP TABLE \"Documents\"; --", false)]
    [InlineData("\"", false)]
    [InlineData("((& | !", false)]
    public async Task List_WordsOfAPage_FindIt(string search, bool found)
    {
        var person = await _bench.Person(DocumentsBench.Member);
        var id = await person.Upload("scan.txt", Zips.Bytes("Die offene Überweisung an Mr. O'Brien, in voller Größe."));
        await _bench.Read(id);

        var rows = (await person.Library.List(DocumentScope.Own, DocumentLists.Defaults.WithSearch(search), default)).Rows;

        rows.Any(row => row.Id == id).ShouldBe(found);
    }

    [Theory]
    [InlineData("rechnung 2026", true)]
    [InlineData("2026-03", true)]
    [InlineData("Rechnung_2026-03", true)]
    [InlineData("müller -2025", true)]
    [InlineData("rechnung -müller", false)]
    [InlineData("echnung", false)]
    public async Task Ids_WordsOfANameThatIsNoneOfTheNewest_FindIt(string search, bool found)
    {
        var person = await _bench.Person(DocumentsBench.Member);
        var id = await person.Upload("Rechnung_2026-03.Müller.txt", Zips.Bytes("nothing of it"));
        await using var db = _bench.Databases.CreateDbContext();
        var named = DocumentTextSearch.Named(db.Set<Document>().Where(d => d.OwnerId == person.Id), DocumentTextSearch.Apart(search));

        (await named.ContainsAsync(id)).ShouldBe(found);
        (await person.Library.List(DocumentScope.Own, DocumentLists.Defaults.WithSearch(search), default)).Rows.Any(row => row.Id == id).ShouldBe(found || "Rechnung_2026-03.Müller.txt".Contains(search, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task List_WordOnTheSecondPage_NamesPageAndMarksTheWord()
    {
        var person = await _bench.Person(DocumentsBench.Editor);
        var word = "z" + Guid.NewGuid().ToString("n");
        var id = await person.Upload("two.pdf", Pdfs.Of("Nothing here", $"But {word} is here"));
        await _bench.Read(id);

        var row = (await person.Library.List(DocumentScope.All, DocumentLists.Defaults.WithSearch(word), default)).Rows.ShouldHaveSingleItem();

        row.Hit!.Page.ShouldBe(2);
        row.Hit.Parts.Where(part => part.IsHit).Select(part => part.Text).ShouldBe([word]);
        string.Concat(row.Hit.Parts.Select(part => part.Text)).ShouldBe($"But {word} is here");
    }

    [Fact]
    public async Task List_TextPutRight_IsWhatCountsAlsoAfterAnotherReading()
    {
        var person = await _bench.Person(DocumentsBench.Member);
        var (wrong, right) = ("z" + Guid.NewGuid().ToString("n"), "y" + Guid.NewGuid().ToString("n"));
        var id = await person.Upload("scan.txt", Zips.Bytes($"The {wrong} of it"));
        await _bench.Read(id);

        (await _bench.Corrections(person).CorrectPage(id, 1, 0, $"The {right} of it", default)).ShouldBe(CorrectionResult.Done);

        await OnlyRightIsFound();
        await _bench.Query(db => db.Set<PageCorrection>().Where(c => c.DocumentId == id).ExecuteUpdateAsync(set => set.SetProperty(c => c.Before, "of an older reading")));
        await person.Service.ReadAgain([id], default);
        await _bench.Read(id);
        await OnlyRightIsFound();
        (await new ExtractionLibrary(person.Guard, _bench.Databases).Page(id, 1, default))!.Read.ShouldBe($"The {wrong} of it");
        (await _bench.Corrections(person).RestorePage(id, 1, 1, default)).ShouldBe(CorrectionResult.Done);
        (await Find(right)).ShouldBeEmpty();
        (await Find(wrong)).ShouldHaveSingleItem();

        async Task OnlyRightIsFound()
        {
            (await Find(wrong)).ShouldBeEmpty();
            (await Find(right)).ShouldHaveSingleItem().Hit!.Parts.Single(part => part.IsHit).Text.ShouldBe(right);
            (await person.Library.Page(id, 1, default))!.Text.ShouldBe($"The {right} of it");
        }

        async Task<IReadOnlyList<DocumentRow>> Find(string word) => (await person.Library.List(DocumentScope.Own, DocumentLists.Defaults.WithSearch(word), default)).Rows;
    }

    [Fact]
    public async Task Page_TextPutRight_IsWithoutTheMarkupOfWhatWasRead()
    {
        var person = await _bench.Person(DocumentsBench.Member);
        var id = await person.Upload("a.html", Zips.Bytes("<html><body><h1>Titel</h1><p>words</p></body></html>"));
        await _bench.Read(id);
        (await person.Library.Page(id, 1, default))!.Markdown.ShouldNotBeNull();

        await _bench.Corrections(person).CorrectPage(id, 1, 0, "Title", default);

        (await person.Library.Page(id, 1, default))!.Markdown.ShouldBeNull();
        await _bench.Corrections(person).RestorePage(id, 1, 1, default);
        (await person.Library.Page(id, 1, default))!.Markdown.ShouldNotBeNull();
    }

    [Fact]
    public async Task List_OnlyTheNewestVersion_IsShown()
    {
        var person = await _bench.Person(DocumentsBench.Member);
        var id = await person.Upload("old.txt", Zips.Bytes("a"));
        await _bench.Query(db => db.Set<Document>().Where(d => d.Id == id).ExecuteUpdateAsync(set => set.SetProperty(d => d.IsLatest, false)));

        (await person.Library.List(DocumentScope.Own, DocumentLists.Defaults, default)).Rows.ShouldBeEmpty();
        (await person.Library.Details(id, default)).ShouldNotBeNull();
    }

    [Fact]
    public async Task List_Filters_MeanWhatTheySay()
    {
        var person = await _bench.Person(DocumentsBench.Member);
        var (good, poor) = (await person.Upload("good.txt", Zips.Bytes("a")), await person.Upload("poor.txt", Zips.Bytes("b")));
        await _bench.Query(async db =>
        {
            await db.Set<Document>().Where(d => d.Id == good).ExecuteUpdateAsync(set => set.SetProperty(d => d.Quality, 92.0));
            return await db.Set<Document>().Where(d => d.Id == poor).ExecuteUpdateAsync(set => set.SetProperty(d => d.Quality, 12.0).SetProperty(d => d.Findings, 2));
        });
        async Task<IEnumerable<string>> Names(string filter, string value) => (await person.Library.List(DocumentScope.Own, DocumentLists.Defaults.WithFilter(filter, value), default)).Rows.Select(row => row.Name).Order();

        (await Names("quality", "good")).ShouldBe(["good.txt"]);
        (await Names("quality", "fair")).ShouldBeEmpty();
        (await Names("quality", "poor")).ShouldBe(["poor.txt"]);
        (await Names("findings", "yes")).ShouldBe(["poor.txt"]);
        (await Names("collection", "none")).ShouldBe(["good.txt", "poor.txt"]);
        (await Names("kind", "none")).ShouldBe(["good.txt", "poor.txt"]);
        (await Names("origin", "Folder")).ShouldBeEmpty();
        (await Names("from", "2000-01-01T00:00Z")).ShouldBe(["good.txt", "poor.txt"]);
        (await Names("to", "2000-01-01T00:00Z")).ShouldBeEmpty();
        var sorted = await person.Library.List(DocumentScope.Own, DocumentLists.Defaults.WithSort("quality", true), default);
        sorted.Rows.Select(row => row.Name).ShouldBe(["good.txt", "poor.txt"]);
    }

    [Theory]
    [InlineData("Straße und Haus", "haus", "Straße und |Haus|")]
    [InlineData("Haushalt im Haus", "haus", "Haushalt im |Haus|")]
    [InlineData("a b a", "\"a b\" -c", "|a| |b| |a|")]
    [InlineData("nothing", "else", "nothing")]
    public void Mark_Words_AreWholeWords(string text, string search, string expected) =>
        string.Concat(Snippet.Mark(text, search).Select(part => part.IsHit ? $"|{part.Text}|" : part.Text)).ShouldBe(expected);

    [Fact]
    public void Of_LongText_CutsAroundTheFirstWord()
    {
        var text = string.Join(' ', Enumerable.Repeat("lorem ipsum", 200)) + " Fundstelle " + string.Join(' ', Enumerable.Repeat("dolor sit", 200));

        var parts = Snippet.Of(text, "fundstelle");

        parts.Single(part => part.IsHit).Text.ShouldBe("Fundstelle");
        string.Concat(parts.Select(part => part.Text)).Length.ShouldBeLessThan(240);
        parts[0].Text.ShouldStartWith("… ");
    }

    [Theory]
    [InlineData("", DocumentTab.Text, 1, null, false, "")]
    [InlineData("?tab=history&page=3", DocumentTab.History, 3, null, false, "?tab=history&page=3")]
    [InlineData("?tab=nothing&page=-4&show=picture", DocumentTab.Text, 1, null, true, "?show=picture")]
    [InlineData("?q=größe", DocumentTab.Text, 1, "größe", false, "?q=gr%C3%B6%C3%9Fe")]
    [InlineData("?tab=99", DocumentTab.Text, 1, null, false, "")]
    public void Address_AnyText_IsAPlace(string text, DocumentTab tab, int page, string? search, bool picture, string written)
    {
        var address = DocumentAddress.Parse(text);

        address.ShouldBe(new DocumentAddress(tab, page, search, picture));
        address.ToQueryString().ShouldBe(written);
    }
}
