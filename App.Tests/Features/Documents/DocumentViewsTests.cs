using BlazorAdmin.Shell.Lists.Views;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Documents;
using BlazorAdmin.Features.Documents.Extraction;
using BlazorAdmin.Features.Documents.Reading;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Live;
using BlazorAdmin.Shell;
using BlazorAdmin.Tests.Data;
using BlazorAdmin.Tests.Features.Documents.Library;
using BlazorAdmin.Tests.Shell;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Tests.Features.Documents;

public sealed class DocumentViewsTests(DatabaseFixture fixture) : IClassFixture<DatabaseFixture>, IDisposable
{
    private static readonly TimeSpan Patience = BunitContext.DefaultWaitTimeout;
    private readonly DocumentsBench _bench = new(fixture.ConnectionString);
    private readonly ShellContext _context = new();

    public void Dispose()
    {
        _context.Dispose();
        _bench.Dispose();
    }

    [Fact]
    public async Task List_DocumentIsRead_ShowsItsStateLive()
    {
        var person = await Use(DocumentsBench.Member);
        var id = await person.Upload("Bericht.txt", Zips.Bytes("Guten Tag"));
        var list = _context.Render<DocumentList>(p => p.Add(l => l.Scope, DocumentScope.Own));
        list.WaitForAssertion(() => list.Find("tbody tr").TextContent.ShouldContain("Waiting"), Patience);

        await _bench.Read(id);

        list.WaitForAssertion(() => list.Find("tbody tr .chip").TextContent.ShouldBe("Ready"), Patience);
    }

    [Fact]
    public async Task List_DocumentOfSomebodyElse_IsNeitherShownNorFollowed()
    {
        var person = await Use(DocumentsBench.Member);
        var other = await _bench.Person(DocumentsBench.Member);
        var list = _context.Render<DocumentList>(p => p.Add(l => l.Scope, DocumentScope.Own));
        list.WaitForAssertion(() => list.Find(".state h2").TextContent.ShouldBe("No documents yet"), Patience);

        await other.Upload("secret.txt", Zips.Bytes("x"));

        await person.Upload("mine.txt", Zips.Bytes("y"));
        list.WaitForAssertion(() => list.Find("tbody tr").TextContent.ShouldContain("mine.txt"), Patience);
        list.Markup.ShouldNotContain("secret.txt");
    }

    [Fact]
    public async Task List_WithoutPermission_ShowsForbidden()
    {
        await Use(DocumentsBench.Member);

        var list = _context.Render<DocumentList>(p => p.Add(l => l.Scope, DocumentScope.All));

        list.WaitForAssertion(() => list.Find(".state svg").ShouldNotBeNull(), Patience);
        list.FindAll("tbody tr").ShouldBeEmpty();
    }

    [Fact]
    public async Task Views_Disposed_LeaveNoSubscriber()
    {
        var person = await Use(DocumentsBench.Editor);
        var id = await person.Upload("a.txt", Zips.Bytes("x"));
        _context.Render<DocumentList>(p => p.Add(l => l.Scope, DocumentScope.All));
        _context.Render<DocumentPanel>(p => p.Add(l => l.Id, id));
        _context.Render<DocumentsWidget>();
        await Eventually.Holds(() => _bench.Topic.SubscriberCount == 6);

        await _context.DisposeComponentsAsync();

        _bench.Topic.SubscriberCount.ShouldBe(0);
    }

    [Fact]
    public async Task Panel_Pages_AreTurnedAndWordsOfReasonsShown()
    {
        var person = await Use(DocumentsBench.Member);
        var id = await person.Upload("a.pdf", Pdfs.Of("First page of two", "Second page of two"));
        await _bench.Read(id);
        var panel = _context.Render<DocumentPanel>(p => p.Add(l => l.Id, id));
        panel.WaitForAssertion(() => panel.Find("pre").TextContent.ShouldBe("First page of two"), Patience);

        await panel.ClickOnAsync(p => p.Find("button[aria-label='Next page']"));

        panel.WaitForAssertion(() => panel.Find("pre").TextContent.ShouldBe("Second page of two"), Patience);
        var navigation = _context.Services.GetRequiredService<NavigationManager>();
        new Uri(navigation.Uri).Query.ShouldBe("?page=2");
        panel.Find("a[href$='/original']").GetAttribute("href").ShouldBe($"/documents/{id}/original");
    }

    [Theory]
    [InlineData("2", "Second page of two")]
    [InlineData("99", "Second page of two")]
    [InlineData("-1", "First page of two")]
    [InlineData("x", "First page of two")]
    public async Task Panel_AddressNamesAPage_ShowsIt(string place, string expected)
    {
        var person = await Use(DocumentsBench.Member);
        var id = await person.Upload("a.pdf", Pdfs.Of("First page of two", "Second page of two"));
        await _bench.Read(id);
        _context.Services.GetRequiredService<NavigationManager>().NavigateTo($"/documents?item={id}&page={place}");

        var panel = _context.Render<DocumentPanel>(p => p.Add(l => l.Id, id));

        panel.WaitForAssertion(() => panel.Find("pre").TextContent.ShouldBe(expected), Patience);
    }

    [Fact]
    public async Task List_HitOfASearch_OpensItsPageWithTheWordsMarked()
    {
        var person = await Use(DocumentsBench.Member);
        var id = await person.Upload("birds.pdf", Pdfs.Of("First page of cranes", "Paid on 05.03.2024 for herons"));
        await _bench.Read(id);
        var navigation = _context.Services.GetRequiredService<NavigationManager>();
        navigation.NavigateTo("/documents?q=herons");
        var list = _context.Render<DocumentList>(p => p.Add(l => l.Scope, DocumentScope.Own));
        list.WaitForAssertion(() => list.Find("a[data-open-row]").GetAttribute("href").ShouldBe($"/documents?q=herons&item={id}&page=2"), Patience);

        navigation.NavigateTo(list.Find("a[data-open-row]").GetAttribute("href")!);

        list.WaitForAssertion(() => list.Find(".page-text pre").TextContent.ShouldBe("Paid on 05.03.2024 for herons"), Patience);
        list.Find(".page-text mark.hit").TextContent.ShouldBe("herons");
        // What is found in the text stays where it is.
        list.Find(".page-text mark[role=button]").TextContent.ShouldBe("05.03.2024");
        list.FindAll("a").Single(link => link.TextContent.Contains("Open page", StringComparison.Ordinal)).GetAttribute("href").ShouldBe($"/documents/{id}?q=herons&page=2");
    }

    [Fact]
    public async Task Panel_OfSomebodyElse_SaysThereIsNone()
    {
        var other = await _bench.Person(DocumentsBench.Member);
        var id = await other.Upload("secret.txt", Zips.Bytes("x"));
        await Use(DocumentsBench.Member);

        var panel = _context.Render<DocumentPanel>(p => p.Add(l => l.Id, id));

        panel.WaitForAssertion(() => panel.Find(".state h2").TextContent.ShouldBe("There is no such document"), Patience);
        panel.Markup.ShouldNotContain("secret");
    }

    [Fact]
    public async Task Panel_HostileName_IsText()
    {
        var person = await Use(DocumentsBench.Member);
        var id = await person.Upload("<img src=x onerror=alert(1)>.txt", Zips.Bytes("<script>alert(1)</script> and words"));
        await _bench.Read(id);

        var panel = _context.Render<DocumentPanel>(p => p.Add(l => l.Id, id));
        var list = _context.Render<DocumentList>(p => p.Add(l => l.Scope, DocumentScope.Own));

        panel.WaitForAssertion(() => panel.Find("pre, .state").ShouldNotBeNull(), Patience);
        list.WaitForAssertion(() => list.Find("tbody tr .file").ShouldNotBeNull(), Patience);
        panel.FindAll("script, img").ShouldBeEmpty();
        list.FindAll("script, img").ShouldBeEmpty();
    }

    [Fact]
    public async Task Delete_FromThePanel_AsksByNameAndOffersUndo()
    {
        var person = await Use(DocumentsBench.Member);
        var id = await person.Upload("Plan.txt", Zips.Bytes("words"));
        var panel = _context.Render<DocumentPanel>(p => p.Add(l => l.Id, id));
        var confirmations = _context.Services.GetRequiredService<Confirmations>();
        panel.WaitForAssertion(() => panel.Find("button.danger").ShouldNotBeNull(), Patience);

        var click = panel.ClickOnAsync(p => p.Find("button.danger"));
        await Eventually.Holds(() => confirmations.Open is not null);
        confirmations.Open!.Title.ShouldBe("Delete “Plan.txt”?");
        confirmations.Answer(true);
        await click;

        await Eventually.Holds(async () => (await _bench.Load(id)).DeletedAt is not null);
        var undo = _context.Services.GetRequiredService<Toasts>().Shown.ShouldHaveSingleItem().Undo;
        await undo!();
        (await _bench.Load(id)).DeletedAt.ShouldBeNull();
    }

    [Fact]
    public async Task List_FindAgainForASelection_OrdersOneJobAndSaysSo()
    {
        var person = await Use(DocumentsBench.Member);
        foreach (var name in new[] { "a.txt", "b.txt" }) await _bench.Read(await person.Upload(name, Zips.Bytes("Paid on 05.03.2024, " + Guid.NewGuid())));
        var list = _context.Render<DocumentList>(p => p.Add(l => l.Scope, DocumentScope.Own));
        list.WaitForAssertion(() => list.FindAll("tbody tr").Count.ShouldBe(2), Patience);
        await list.ClickOnAsync(l => l.Find("thead input[type=checkbox]"));

        await list.ClickOnAsync(l => l.FindAll(".list-bulk button").Single(button => button.TextContent == "Find again"));

        list.WaitForAssertion(() => list.FindAll(".list-bulk").ShouldBeEmpty(), Patience);
        _context.Services.GetRequiredService<Toasts>().Shown.ShouldHaveSingleItem().Text.ShouldBe("2 documents are looked through again, as a job.");
        (await _bench.Query(db => db.Set<Job>().SingleAsync(j => j.Type == "documents.extract" && j.OwnerId == person.Id))).Subject.ShouldBe("2");
        (await _bench.Query(db => db.Set<BlazorAdmin.Features.Audit.AuditEntry>().SingleAsync(e => e.Action == "documents.extract" && e.ActorId == person.Id))).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Widget_Counts_FollowTheReading()
    {
        var person = await Use(DocumentsBench.Member);
        var id = await person.Upload("a.txt", Zips.Bytes("some words"));
        var widget = _context.Render<DocumentsWidget>();
        widget.WaitForAssertion(() => widget.FindAll(".big").Select(number => number.TextContent).ShouldBe(["1", "0", "0"]), Patience);

        await _bench.Read(id);

        widget.WaitForAssertion(() => widget.FindAll(".big").Select(number => number.TextContent).ShouldBe(["0", "0", "1"]), Patience);
    }

    [Theory]
    [InlineData("en")]
    [InlineData("de")]
    public void Reasons_OfEveryOutcome_HaveWords(string culture)
    {
        using var context = new ShellContext(culture);
        var texts = context.Services.GetRequiredService<Microsoft.Extensions.Localization.IStringLocalizer<DocumentsTexts>>();

        foreach (var outcome in Enum.GetValues<ReadOutcome>()) texts[$"Outcome{outcome}"].ResourceNotFound.ShouldBeFalse(outcome.ToString());
        foreach (var key in ReasonKeys()) texts[key].ResourceNotFound.ShouldBeFalse(key);
    }

    /// <summary>Every key that the reading code names, found in its source.</summary>
    private static IEnumerable<string> ReasonKeys()
    {
        var folder = Path.Combine(Repository.Root, "App", "Features", "Documents", "Reading");
        var pattern = new System.Text.RegularExpressions.Regex("""(?:new ReadReason\(|Trap\(|Ended\(ReadOutcome\.\w+, |ReadOutcome\.\w+, )"(\w+)"|ReadOutcome\.Damaged, "(\w+)"\)""");
        return Directory.EnumerateFiles(folder, "*.cs").SelectMany(file => pattern.Matches(File.ReadAllText(file)))
            .Select(match => match.Groups[1].Success ? match.Groups[1].Value : match.Groups[2].Value).Distinct();
    }

    private async Task<Person> Use(string[] permissions)
    {
        var person = await _bench.Person(permissions);
        _context.Services.AddSingleton(_bench.Topic);
        _context.Services.AddSingleton(person.Service);
        _context.Services.AddSingleton(person.Library);
        _context.Services.AddSingleton(person.Bulk);
        _context.Services.AddSingleton(person.Caller);
        _context.Services.AddLibrary(person, _bench);
        _context.Services.AddSingleton(person.Guard);
        _context.Services.AddSingleton<IOptionsMonitor<ReadingOptions>>(_bench.Options);
        _context.Services.AddSingleton(_bench.Corrections(person)).AddSingleton(new ExtractionLibrary(person.Guard, _bench.Databases)).AddScoped<ExtractionDialogs>();
        _context.Services.AddScoped<PageVisibility>();
        _context.Services.AddScoped<DocumentCommands>();
        _bench.AddClassification(_context.Services);
        _context.Services.AddSingleton<IDbContextFactory<AppDbContext>>(_bench.Databases).AddSingleton(TestDatabases.Dialect).AddScoped<SavedViews>();
        _context.Services.AddSingleton(new NavigationEntry("/documents", typeof(DocumentsTexts), "MyDocuments", NavigationGroup.People, "document", DocumentsPermissions.Own, 20));
        _context.Services.GetRequiredService<NavigationManager>().NavigateTo("/documents");
        return person;
    }
}
