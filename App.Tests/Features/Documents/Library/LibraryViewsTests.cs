using BlazorAdmin.Data;
using BlazorAdmin.Features.Documents;
using BlazorAdmin.Features.Documents.Extraction;
using BlazorAdmin.Features.Documents.Bin;
using BlazorAdmin.Features.Documents.Collections;
using BlazorAdmin.Features.Documents.Editing;
using BlazorAdmin.Features.Documents.Reading;
using BlazorAdmin.Features.Documents.Viewing;
using BlazorAdmin.Live;
using BlazorAdmin.Shell;
using BlazorAdmin.Shell.Lists.Views;
using BlazorAdmin.Tests.Data;
using BlazorAdmin.Tests.Shell;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Tests.Features.Documents.Library;

public sealed class LibraryViewsTests(DatabaseFixture fixture) : IClassFixture<DatabaseFixture>, IDisposable
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
    public async Task Page_OfADocument_ShowsTextAndTabsOfTheAddress()
    {
        var person = await Use(DocumentsBench.Member);
        var id = await person.Upload("two.pdf", Pdfs.Of("First page of two", "Second page of two"));
        await _bench.Read(id);
        Go($"/documents/{id}?page=2&q=second");

        var view = _context.Render<DocumentView>(p => p.Add(v => v.Id, id));

        view.WaitForAssertion(() => view.Find("pre").TextContent.Trim().ShouldBe("Second page of two"), Patience);
        view.Find("mark").TextContent.ShouldBe("Second");
        view.Find("img").GetAttribute("src").ShouldStartWith($"/documents/{id}/pages/2/image?");
        view.Find("img").GetAttribute("alt").ShouldBe("Page 2 of “two.pdf”");
        Go($"/documents/{id}?tab=history");
        view.WaitForAssertion(() => view.Find("ol").TextContent.ShouldContain("Documents added"), Patience);
        Go($"/documents/{id}?tab=details");
        view.WaitForAssertion(() => view.Markup.ShouldContain("SHA-256"), Patience);
    }

    [Fact]
    public async Task Page_TextPutRightMeanwhile_IsShownWithTheWordsOfTheSearch()
    {
        var person = await Use(DocumentsBench.Member);
        var id = await person.Upload("a.txt", Zips.Bytes("Rechnvng"));
        await _bench.Read(id);
        Go($"/documents/{id}?q=rechnung");
        var view = _context.Render<DocumentView>(p => p.Add(v => v.Id, id));
        view.WaitForAssertion(() => view.Find("pre").TextContent.Trim().ShouldBe("Rechnvng"), Patience);

        await _bench.Corrections(person).CorrectPage(id, 1, 0, "Rechnung", default);

        view.WaitForAssertion(() => view.Find("pre mark").TextContent.Trim().ShouldBe("Rechnung"), Patience);
    }

    [Fact]
    public async Task Page_ImageMissing_SaysSo()
    {
        var person = await Use(DocumentsBench.Member);
        var id = await person.Upload("a.pdf", Pdfs.Of("words of a page"));
        await _bench.Read(id);
        Go($"/documents/{id}");
        var view = _context.Render<DocumentView>(p => p.Add(v => v.Id, id));
        view.WaitForAssertion(() => view.Find("img").ShouldNotBeNull(), Patience);

        await view.InvokeAsync(() => view.Find("img").TriggerEventAsync("onerror", new Microsoft.AspNetCore.Components.Web.ErrorEventArgs()));

        view.WaitForAssertion(() => view.Find("figure").TextContent.ShouldContain("no image"), Patience);
    }

    [Fact]
    public async Task Page_OfSomebodyElse_SaysThereIsNone()
    {
        var other = await _bench.Person(DocumentsBench.Member);
        var id = await other.Upload("secret.txt", Zips.Bytes("x"));
        await Use(DocumentsBench.Member);
        Go($"/documents/{id}");

        var view = _context.Render<DocumentView>(p => p.Add(v => v.Id, id));

        view.WaitForAssertion(() => view.Find(".state h2").TextContent.ShouldBe("There is no such document"), Patience);
        view.Markup.ShouldNotContain("secret");
    }

    [Fact]
    public async Task Bin_DeletedDocument_ComesAndGoesLive()
    {
        var person = await Use(DocumentsBench.Member);
        var id = await person.Upload("gone.txt", Zips.Bytes("x"));
        Go("/documents/bin");
        var bin = _context.Render<BinList>(p => p.Add(b => b.Scope, DocumentScope.Own));
        bin.WaitForAssertion(() => bin.Find(".state h2").TextContent.ShouldBe("The bin is empty"), Patience);

        await person.Service.Delete([id], default);

        bin.WaitForAssertion(() => bin.Find("tbody tr").TextContent.ShouldContain("gone.txt"), Patience);
        await person.Service.Restore([id], default);
        bin.WaitForAssertion(() => bin.FindAll("tbody tr").ShouldBeEmpty(), Patience);
    }

    [Fact]
    public async Task Pages_WithoutPermission_ShowForbidden()
    {
        await Use();

        var collections = _context.Render<CollectionsPage>();
        var tags = _context.Render<TagsPage>();

        collections.WaitForAssertion(() => collections.Find(".state").ShouldNotBeNull(), Patience);
        tags.WaitForAssertion(() => tags.Find(".state").ShouldNotBeNull(), Patience);
        collections.FindAll("table").ShouldBeEmpty();
    }

    [Fact]
    public async Task Collections_WhoSeesNothingInIt_SeesNoCount()
    {
        var admin = await Use([.. DocumentsBench.Editor, DocumentsPermissions.ManageCollections]);
        var name = "Closed " + Guid.NewGuid();
        var owner = await _bench.Person(DocumentsBench.Member);
        var id = (await admin.Collections.Save(new CollectionDraft(null, 0, name, null, true, null, null, [new GrantView(owner.Id, false, "", CollectionRight.Edit)]), default)).Id;
        var document = await owner.Upload("x.txt", Zips.Bytes("x"));
        await owner.Editing.Apply([document], new DocumentEdit { SetsCollection = true, CollectionId = id }, default);

        var page = _context.Render<CollectionsPage>();

        page.WaitForAssertion(() => page.FindAll("tbody tr").Single(row => row.TextContent.Contains(name)).TextContent.ShouldContain("Not visible to you"), Patience);
    }

    [Fact]
    public async Task Views_Disposed_LeaveNoSubscriber()
    {
        var person = await Use(DocumentsBench.Editor);
        var id = await person.Upload("a.txt", Zips.Bytes("x"));
        _context.Render<DocumentView>(p => p.Add(v => v.Id, id));
        _context.Render<BinList>(p => p.Add(b => b.Scope, DocumentScope.All));
        _context.Render<CollectionsPage>();
        _context.Render<TagsPage>();
        await Eventually.Holds(() => _bench.Topic.SubscriberCount == 5 && _bench.CollectionsTopic.SubscriberCount == 4);

        await _context.DisposeComponentsAsync();

        (_bench.Topic.SubscriberCount, _bench.CollectionsTopic.SubscriberCount).ShouldBe((0, 0));
    }

    private void Go(string address) => _context.Services.GetRequiredService<NavigationManager>().NavigateTo(address);

    private async Task<Person> Use(params string[] permissions)
    {
        var person = await _bench.Person(permissions);
        _context.Services.AddSingleton(_bench.Topic);
        _context.Services.AddSingleton(person.Service);
        _context.Services.AddSingleton(person.Library);
        _context.Services.AddSingleton(person.Bulk);
        _context.Services.AddSingleton(person.Caller);
        _context.Services.AddSingleton(person.Guard);
        _context.Services.AddLibrary(person, _bench);
        _context.Services.AddSingleton<IOptionsMonitor<ReadingOptions>>(_bench.Options);
        _context.Services.AddScoped<PageVisibility>().AddScoped<CurrentPage>();
        _context.Services.AddScoped<DocumentCommands>();
        _bench.AddClassification(_context.Services);
        _context.Services.AddSingleton(_bench.Corrections(person)).AddSingleton(new ExtractionLibrary(person.Guard, _bench.Databases)).AddScoped<ExtractionDialogs>();
        _context.Services.AddSingleton<IDbContextFactory<AppDbContext>>(_bench.Databases).AddSingleton(TestDatabases.Dialect).AddScoped<SavedViews>();
        return person;
    }
}
