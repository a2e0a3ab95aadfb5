using BlazorAdmin.Data;
using BlazorAdmin.Features.Documents;
using BlazorAdmin.Features.Documents.Classification;
using BlazorAdmin.Features.Documents.Duplicates;
using BlazorAdmin.Live;
using BlazorAdmin.Shell;
using BlazorAdmin.Tests.Data;
using BlazorAdmin.Tests.Shell;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAdmin.Tests.Features.Documents.Classification;

public sealed class ClassificationPagesTests(DatabaseFixture fixture) : IClassFixture<DatabaseFixture>, IAsyncLifetime
{
    private static readonly TimeSpan Patience = BunitContext.DefaultWaitTimeout;
    private readonly ClassifierBench _bench = new(fixture.ConnectionString);
    private readonly ShellContext _context = new();
    private Topic<ClassifierChanged>? _changes;

    public Task InitializeAsync() => _bench.Clear();

    public Task DisposeAsync()
    {
        _context.Dispose();
        _bench.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Types_NoneYet_SaysWhatToDoAndAddsOne()
    {
        await Use(DocumentsBench.Editor);
        var tab = _context.Render<TypesTab>();
        tab.WaitForAssertion(() => tab.Find(".state h2").TextContent.ShouldBe("No types yet"), Patience);

        await tab.ClickOnAsync(t => t.Find("button.main"));
        await tab.ClickOnAsync(t => t.Find("button[type=submit]"));
        tab.WaitForAssertion(() => tab.Find("#type-error").TextContent.ShouldContain("Name: write"), Patience);
        await tab.InvokeAsync(() => tab.Find("#type-name").Change("Invoice"));
        await tab.InvokeAsync(() => tab.Find("form").Submit());

        tab.WaitForAssertion(() => tab.Find("tbody tr th").TextContent.ShouldBe("Invoice"), Patience);
    }

    [Fact]
    public async Task Types_ForWhoOnlyReads_OffersNoCommands()
    {
        var editor = await _bench.Documents.Person(DocumentsBench.Editor);
        await _bench.Types(editor).Add("Invoice", null, CancellationToken.None);
        await Use(DocumentsBench.Auditor);

        var tab = _context.Render<TypesTab>();

        tab.WaitForAssertion(() => tab.Find("tbody tr th").TextContent.ShouldBe("Invoice"), Patience);
        tab.FindAll("button, select").ShouldBeEmpty();
    }

    [Fact]
    public async Task Tabs_WithoutPermission_ShowForbidden()
    {
        await Use(DocumentsBench.Member);

        var types = _context.Render<TypesTab>();
        var models = _context.Render<ModelTab>();

        types.WaitForAssertion(() => types.FindAll("table").ShouldBeEmpty(), Patience);
        types.WaitForAssertion(() => types.Find(".state svg").ShouldNotBeNull(), Patience);
        models.WaitForAssertion(() => models.Find(".state svg").ShouldNotBeNull(), Patience);
    }

    [Fact]
    public async Task Unsure_DecidedByKey_IsSaidByAPersonAndTheNextComes()
    {
        var person = await Use(DocumentsBench.Editor);
        var types = await _bench.Label(person, 2, 1);
        var ids = await _bench.Add(person, 0, 2);
        foreach (var (id, confidence) in ids.Zip([0.4, 0.6]))
            await _bench.Documents.Query(db => db.Set<Document>().Where(d => d.Id == id).ExecuteUpdateAsync(set => set.SetProperty(d => d.SuggestedTypeId, types[0].Id).SetProperty(d => d.SuggestedConfidence, confidence)));
        var tab = _context.Render<UnsureTab>();
        tab.WaitForAssertion(() => tab.Find($"[data-unsure='{ids[0]}']").ShouldNotBeNull(), Patience);

        await tab.InvokeAsync(() => tab.Find("[role=toolbar]").KeyDown("a"));

        tab.WaitForAssertion(() => tab.Find($"[data-unsure='{ids[1]}']").ShouldNotBeNull(), Patience);
        (await _bench.Documents.Load(ids[0])).TypeSource.ShouldBe(TypeSource.Person);
        await tab.InvokeAsync(() => tab.Find("[role=toolbar]").KeyDown("1"));
        tab.WaitForAssertion(() => tab.Find(".state h2").TextContent.ShouldBe("Nothing waits"), Patience);
        (await _bench.Documents.Load(ids[1])).TypeId.ShouldBe(types[1].Id);
    }

    [Fact]
    public async Task Model_NotBuilt_SaysWhy()
    {
        var person = await Use(DocumentsBench.Editor);
        await _bench.Label(person, 2, 2);
        await _bench.Train(person);

        var tab = _context.Render<ModelTab>();

        tab.WaitForAssertion(() => tab.Find(".note.warn").TextContent.ShouldContain("at least 10 named documents of each of 2 types are needed; 0 types have enough. Too few: Contract: 2; Invoice: 2."), Patience);
    }

    [FastTextFact]
    public async Task Model_Trained_ShowsItsCardAndTheComparisonWithAnother()
    {
        var person = await Use(DocumentsBench.Editor);
        await _bench.Label(person, 2, 12);
        var (first, second) = (await _bench.Train(person), await _bench.Train(person));

        var tab = _context.Render<ModelTab>(p => p.Add(t => t.Chosen, second.Id.ToString()).Add(t => t.Other, first.Id.ToString()));

        tab.WaitForAssertion(() => tab.Find("[aria-label='Confusion matrix'] table").TextContent.ShouldContain("Invoice"), Patience);
        tab.FindAll("[aria-label='Figures'] thead th").Select(th => th.TextContent).ShouldBe(["Figure", "Model 2", "Model 1"]);
        tab.Find("[aria-label='Calibration'] [role=progressbar]").ShouldNotBeNull();
        tab.Find("button[aria-label='Use model 1']").ShouldNotBeNull();
    }

    [Fact]
    public async Task Duplicates_OfADocument_AreShownAndCanBeKept()
    {
        var person = await Use(DocumentsBench.Member);
        await person.Upload("a.txt", Zips.Bytes("the same words"));
        var id = await person.Upload("b.txt", Zips.Bytes("the same words"));
        var part = _context.Render<DuplicatesPart>(p => p.Add(d => d.Id, id).Add(d => d.Name, "b.txt"));
        part.WaitForAssertion(() => part.Find(".chip").TextContent.ShouldBe("Identical file"), Patience);

        await part.ClickOnAsync(p => p.Find("button[aria-label^='Keep both']"));

        part.WaitForAssertion(() => part.FindAll("section").ShouldBeEmpty(), Patience);
    }

    [Fact]
    public async Task DuplicatesPage_Pairs_AreListedAndNoneSaysSo()
    {
        var person = await Use(DocumentsBench.Member);
        var page = _context.Render<DuplicatesPage>();
        page.WaitForAssertion(() => page.Find(".state h2").TextContent.ShouldBe("No duplicates"), Patience);
        await person.Upload("a.txt", Zips.Bytes("alike"));
        await person.Upload("b.txt", Zips.Bytes("alike"));

        var again = _context.Render<DuplicatesPage>();

        again.WaitForAssertion(() => again.Find("h2 a").TextContent.ShouldBe("b.txt"), Patience);
    }

    [Fact]
    public async Task Parts_Disposed_LeaveNoSubscriber()
    {
        var person = await Use(DocumentsBench.Editor);
        var id = await person.Upload("a.txt", Zips.Bytes("x"));
        _context.Render<DocumentTypePart>(p => p.Add(t => t.Id, id));
        _context.Render<VersionsPart>(p => p.Add(t => t.Id, id));
        _context.Render<TypesTab>();
        _context.Render<UnsureTab>();
        await Eventually.Holds(() => _changes!.SubscriberCount == 3);

        await _context.DisposeComponentsAsync();

        (_changes!.SubscriberCount, _bench.Documents.Topic.SubscriberCount).ShouldBe((0, 0));
    }

    private async Task<Person> Use(string[] permissions)
    {
        var person = await _bench.Documents.Person(permissions);
        _context.Services.AddSingleton(_bench.Documents.Topic);
        _context.Services.AddSingleton(person.Service);
        _context.Services.AddSingleton(person.Caller);
        _context.Services.AddSingleton(person.Guard);
        _context.Services.AddScoped<PageVisibility>().AddScoped<CurrentPage>();
        _changes = _bench.Documents.AddClassification(_context.Services);
        _context.Services.AddSingleton(_bench.Documents.CollectionsTopic).AddSingleton(_bench.Documents.AccessTopic);
        _context.Services.AddSingleton<IDbContextFactory<AppDbContext>>(_bench.Documents.Databases);
        _context.Services.GetRequiredService<NavigationManager>().NavigateTo("/admin/documents/types");
        return person;
    }
}
