using System.Collections.Frozen;
using BlazorAdmin.Data;
using BlazorAdmin.Data.Keys;
using BlazorAdmin.Features.Drafts;
using BlazorAdmin.Features.Flags;
using BlazorAdmin.Live;
using BlazorAdmin.Security;
using BlazorAdmin.Shell;
using BlazorAdmin.Shell.Lists.Views;
using BlazorAdmin.Tests.Shell;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAdmin.Tests.Features.Flags;

public sealed class FlagPagesTests : IClassFixture<PortalFixture>, IAsyncLifetime
{
    private readonly ShellContext _context = new();
    private readonly PortalFixture _fixture;
    private readonly Counting _databases;
    private Guid _admin;

    public FlagPagesTests(PortalFixture fixture)
    {
        _fixture = fixture;
        var (services, portal) = (_context.Services, fixture.Services);
        _databases = new Counting(portal.GetRequiredService<IDbContextFactory<AppDbContext>>());
        services.AddSingleton<IDbContextFactory<AppDbContext>>(_databases).AddSingleton(portal.GetRequiredService<IDatabaseDialect>());
        services.AddSingleton(portal.GetRequiredService<SecretBox>()).AddScoped<DraftStore>();
        services.AddSingleton(portal.GetRequiredService<Topic<FlagsChanged>>()).AddSingleton(portal.GetRequiredService<FlagStore>());
        services.AddSingleton(portal.GetRequiredService<AccessRegistry>());
        services.AddScoped<CurrentCaller>().AddScoped<Guard>().AddScoped<PageVisibility>().AddScoped<CurrentPage>().AddScoped<SavedViews>().AddSingleton<SliceTexts>();
        services.AddSingleton(new NavigationEntry("/admin/flags", typeof(FlagsTexts), "Flags", NavigationGroup.Administration, "flag", FlagsPermissions.Read, 50));
        services.AddSingleton(provider => new FlagCatalog(portal.GetServices<FlagDeclaration>(), provider.GetRequiredService<SliceTexts>()));
        services.AddScoped<FlagProposals>().AddScoped<FlagsService>().AddScoped<FlagDirectory>().AddScoped<FlagPreviews>().AddScoped<FlagDialogs>();
    }

    public async Task InitializeAsync() => _admin = await _fixture.QueryAsync(db => db.Users.Where(u => u.Email == PortalFixture.AdminEmail).Select(u => u.Id).SingleAsync());

    public async Task DisposeAsync() => await _context.DisposeAsync();

    [Fact]
    public async Task New_WrongThenRight_NamesTheFieldAndCreates()
    {
        As(FlagsPermissions.Manage);
        var page = _context.Render<FlagNewPage>();
        page.WaitForElement("#flag-key");
        await page.InvokeAsync(() => page.Find("form").SubmitAsync());
        page.WaitForAssertion(() => page.Find("#flag-key-error").TextContent.ShouldContain("Key: write what code asks for."));

        await page.InvokeAsync(() => page.Find("#flag-key").ChangeAsync(new ChangeEventArgs { Value = "page.made" }));
        await page.InvokeAsync(() => page.Find("form").SubmitAsync());

        await Eventually.Holds(() => _context.Services.GetRequiredService<NavigationManager>().Uri.EndsWith("/admin/flags/page.made", StringComparison.Ordinal));
    }

    [Fact]
    public async Task New_PageIsLost_ComesBackWithItsRulesAndIsGivenUp()
    {
        As(FlagsPermissions.Manage);
        var page = _context.Render<FlagNewPage>();
        page.WaitForElement("#flag-key");
        page.Act(() => page.Find("#flag-key").Change("page.half"));
        await page.ClickOnAsync(p => p.FindAll("button").Single(b => b.TextContent.Trim() == "Add rule"));
        page.Act(() => page.Find("input[type=number]").Change("12.5"));
        // Written at the latest with the end of the page.
        await page.InvokeAsync(() => _context.DisposeComponentsAsync());
        (await DraftsAsync("new")).ShouldBe(1);

        var again = _context.Render<FlagNewPage>();
        again.WaitForElement("[data-restored]");
        again.Find("#flag-key").GetAttribute("value").ShouldBe("page.half");
        again.Find("input[type=number]").GetAttribute("value").ShouldBe("12.5");
        await again.ClickOnAsync(p => p.Find("[data-restored] button"));
        again.WaitForAssertion(() => again.FindAll("input[type=number]").ShouldBeEmpty());
        again.Find("#flag-key").GetAttribute("value").ShouldBe("");
        (await DraftsAsync("new")).ShouldBe(0);
    }

    [Fact]
    public async Task Marked_ChangeSaved_WaitsAboveTheRulesForSomebodyElse()
    {
        var id = await MakeAsync("page.marked", FlagDefinition.OnOff with { FourEyes = true });
        var page = Open("page.marked", FlagsPermissions.Manage);
        await ClickAsync(page, "Add rule");
        page.Act(() => page.Find("input[type=number]").Change("12.5"));
        await page.InvokeAsync(() => page.Find("form").SubmitAsync());
        page.WaitForElement("dialog");
        await page.InvokeAsync(() => page.Find("dialog form").SubmitAsync());

        page.WaitForElement("[data-proposal]").TextContent.ShouldContain("Somebody else who may change flags has to confirm it.");
        page.FindAll("[data-proposal] button").ShouldHaveSingleItem().TextContent.ShouldBe("Withdraw change");
        FlagDefinition.FromJson((await _fixture.QueryAsync(db => db.Set<Flag>().SingleAsync(f => f.Id == id))).Definition).Rules.ShouldBeEmpty();

        await page.ClickOnAsync(p => p.Find("[data-proposal] button"));
        page.WaitForAssertion(() => page.FindAll("[data-proposal]").ShouldBeEmpty());
    }

    [Fact]
    public async Task Edit_RuleAddedReviewedAndSaved_IsInForce()
    {
        var id = await MakeAsync("page.edit");
        var page = Open("page.edit", FlagsPermissions.Manage);
        await ClickAsync(page, "Add rule");
        page.Act(() => page.Find("input[type=number]").Change("12.5"));
        page.WaitForAssertion(() => page.Find("button[type=submit]").HasAttribute("disabled").ShouldBeFalse());
        await page.InvokeAsync(() => page.Find("form").SubmitAsync());

        page.WaitForAssertion(() => page.Find("dialog .diff .ok").TextContent.ShouldContain("Rule 1: 12.5"));
        page.Find("[data-impact]").TextContent.ShouldContain("with an account");
        page.Act(() => page.Find("#flag-note").Input("slowly"));
        await page.InvokeAsync(() => page.Find("dialog form").SubmitAsync());

        page.WaitForAssertion(() => page.FindAll("dialog").ShouldBeEmpty());
        var stored = await _fixture.QueryAsync(db => db.Set<Flag>().SingleAsync(f => f.Id == id));
        FlagDefinition.FromJson(stored.Definition).Rules.ShouldHaveSingleItem().Thousandths.ShouldBe(12_500);
        (await _fixture.QueryAsync(db => db.Set<FlagVersion>().SingleAsync(v => v.FlagId == id && v.Version == 2))).Note.ShouldBe("slowly");
    }

    [Fact]
    public async Task Edit_SomebodyElseSavedMeanwhile_AsksBeforeItGoesOnTop()
    {
        var id = await MakeAsync("page.conflict");
        var page = Open("page.conflict", FlagsPermissions.Manage);
        page.Act(() => page.Find("#flag-description").Change("mine"));
        await page.InvokeAsync(() => page.Find("form").SubmitAsync());
        page.WaitForElement("dialog");
        await using (var other = await _fixture.ActAsAsync(PortalFixture.AdminEmail))
            (await other.Get<FlagsService>().SaveAsync(id, 1, new FlagForm("theirs", FlagDefinition.OnOff, null), default)).Outcome.ShouldBe(FlagOutcome.Done);

        await page.InvokeAsync(() => page.Find("dialog form").SubmitAsync());
        page.WaitForAssertion(() => page.Find("dialog .note").TextContent.ShouldContain("Ada Lovelace saved version 2 meanwhile"));
        page.Find("dialog .diff .bad").TextContent.ShouldContain("theirs");
        (await _fixture.QueryAsync(db => db.Set<Flag>().SingleAsync(f => f.Id == id))).Description.ShouldBe("theirs");

        await page.InvokeAsync(() => page.Find("dialog form").SubmitAsync());
        page.WaitForAssertion(() => page.FindAll("dialog").ShouldBeEmpty());
        var stored = await _fixture.QueryAsync(db => db.Set<Flag>().SingleAsync(f => f.Id == id));
        (stored.Description, stored.Version).ShouldBe(("mine", 3));
    }

    [Fact]
    public async Task Edit_PageIsLost_ComesBackAsAWholeAndIsDiscarded()
    {
        var id = await MakeAsync("page.draft");
        var page = Open("page.draft", FlagsPermissions.Manage);
        await ClickAsync(page, "Add rule");
        page.Act(() => page.Find("input[type=number]").Change("12.5"));
        page.Act(() => page.Find("#flag-description").Change("half done"));
        // Written at the latest with the end of the page.
        await page.InvokeAsync(() => _context.DisposeComponentsAsync());
        (await DraftsAsync("page.draft")).ShouldBe(1);

        var again = Open("page.draft", FlagsPermissions.Manage);
        again.WaitForElement("[data-restored]").TextContent.ShouldContain("Restored what you typed on");
        again.Find("input[type=number]").GetAttribute("value").ShouldBe("12.5");
        again.Find("#flag-description").GetAttribute("value").ShouldBe("half done");
        again.Markup.ShouldNotContain("saved version 2 meanwhile");
        await using (var other = await _fixture.ActAsAsync(PortalFixture.AdminEmail))
            (await other.Get<FlagsService>().SaveAsync(id, 1, new FlagForm("theirs", FlagDefinition.OnOff, null), default)).Outcome.ShouldBe(FlagOutcome.Done);

        var later = Open("page.draft", FlagsPermissions.Manage);
        later.Markup.ShouldContain("Somebody else saved version 2 meanwhile.");
        await later.ClickOnAsync(p => p.Find("[data-restored] button"));

        later.WaitForAssertion(() => later.FindAll("[data-restored], input[type=number]").ShouldBeEmpty());
        later.Find("#flag-description").GetAttribute("value").ShouldBe("theirs");
        (await DraftsAsync("page.draft")).ShouldBe(0);
    }

    [Fact]
    public async Task Edit_Saved_LeavesNoDraft()
    {
        await MakeAsync("page.kept");
        var page = Open("page.kept", FlagsPermissions.Manage);
        page.Act(() => page.Find("#flag-description").Change("done"));
        await Eventually.Holds(async () => await DraftsAsync("page.kept") == 1);
        await page.InvokeAsync(() => page.Find("form").SubmitAsync());
        page.WaitForElement("dialog");
        await page.InvokeAsync(() => page.Find("dialog form").SubmitAsync());

        page.WaitForAssertion(() => page.FindAll("dialog").ShouldBeEmpty());
        await page.InvokeAsync(() => _context.DisposeComponentsAsync());
        (await DraftsAsync("page.kept")).ShouldBe(0);
    }

    [Fact]
    public async Task Who_DrawnAnew_AsksOnlyWhenSomethingIsDifferent()
    {
        var id = await MakeAsync("page.who");
        As(FlagsPermissions.Manage);
        var who = _context.Render<FlagWho>(p => p.Add(w => w.FlagId, id).Add(w => w.Version, 1).Add(w => w.Draft, FlagDefinition.OnOff));
        who.Act(() => who.Find("input").Input("Lovelace"));
        who.WaitForElement("li button");
        await who.ClickOnAsync(p => p.Find("li button"));
        who.WaitForAssertion(() => who.Find("[data-preview]").TextContent.ShouldContain("on"));
        var asked = _databases.Count;

        who.Render(p => p.Add(w => w.Draft, FlagDefinition.OnOff with { }));
        _databases.Count.ShouldBe(asked);
        who.Render(p => p.Add(w => w.Draft, FlagDefinition.OnOff with { Default = "off" }));

        who.WaitForAssertion(() => who.Find("[data-preview] .chip").TextContent.ShouldContain("off"));
        _databases.Count.ShouldBe(asked + 1);
    }

    [Fact]
    public async Task History_Long_ShowsTheLatestAndOlderOnRequest()
    {
        var id = await MakeAsync("page.long");
        await using (var scope = await _fixture.ActAsAsync(PortalFixture.AdminEmail))
            for (var i = 1; i <= 24; i++) (await scope.Get<FlagsService>().SaveAsync(id, i, new FlagForm($"text {i}", FlagDefinition.OnOff with { Permanent = i % 2 == 1 }, null), default)).Version.ShouldBe(i + 1);
        var page = Open("page.long", FlagsPermissions.Manage, "history");
        page.WaitForAssertion(() => page.FindAll("ol > li").Count.ShouldBe(20));

        await ClickAsync(page, "Show older");

        page.WaitForAssertion(() => page.FindAll("ol > li").Count.ShouldBe(25));
        page.FindAll("button").ShouldNotContain(b => b.TextContent.Contains("Show older"));
    }

    [Fact]
    public async Task Rules_MovedAndRemoved_ByTheirButtons()
    {
        await MakeAsync("page.rules", FlagDefinition.OnOff with { Rules = [new FlagRule { Thousandths = 1_000, Variant = "on" }, new FlagRule { Thousandths = 2_000, Variant = "off" }] });
        var page = Open("page.rules", FlagsPermissions.Manage);
        page.Find("button[aria-label='Move rule 1 up']").HasAttribute("disabled").ShouldBeTrue();

        await page.ClickOnAsync(p => p.Find("button[aria-label='Move rule 1 down']"));
        page.WaitForAssertion(() => page.FindAll("input[type=number]")[0].GetAttribute("value").ShouldBe("2"));
        await page.ClickOnAsync(p => p.Find("button[aria-label='Remove rule 1']"));

        page.WaitForAssertion(() => page.FindAll("input[type=number]").ShouldHaveSingleItem().GetAttribute("value").ShouldBe("1"));
    }

    [Fact]
    public async Task Reader_SeesEverythingAndChangesNothing()
    {
        await MakeAsync("page.read", FlagDefinition.OnOff with { Rules = [new FlagRule { People = [_admin], Variant = "on" }] });
        var page = Open("page.read", FlagsPermissions.Read);

        page.FindAll("button[type=submit]").ShouldBeEmpty();
        page.FindAll("fieldset").ShouldAllBe(f => f.HasAttribute("disabled") || f.ParentElement!.Closest("fieldset[disabled]") != null);
        page.FindAll("button").ShouldNotContain(b => b.TextContent.Contains("Switch off"));
        // Neither looks for people nor learns who they are.
        page.FindAll("input[type=search]").ShouldBeEmpty();
        page.Find(".chips li").TextContent.ShouldBe("somebody");
        page.Markup.ShouldNotContain(PortalFixture.AdminEmail);
    }

    [Fact]
    public async Task History_HostileTexts_AreShownAsText()
    {
        const string hostile = "<img src=x onerror=alert(1)>\"'><script>alert(2)</script>";
        await MakeAsync("page.hostile", FlagDefinition.OnOff with { Variants = [new("on", hostile), new("off")] }, hostile);
        var list = Page<FlagsPage>("/admin/flags?q=page.hostile", FlagsPermissions.Read);
        list.WaitForAssertion(() => list.Find("tr[data-row]").TextContent.ShouldContain(hostile));
        var page = Open("page.hostile", FlagsPermissions.Read, "history");

        page.WaitForAssertion(() => page.Find(".diff").TextContent.ShouldContain(hostile));
        page.FindAll("script, img").ShouldBeEmpty();
        list.FindAll("script, img").ShouldBeEmpty();
    }

    [Fact]
    public async Task Missing_SaysSoAndLeadsBack()
    {
        As(FlagsPermissions.Read);
        var page = _context.Render<FlagPage>(p => p.Add(f => f.Key, "no.such"));

        page.WaitForAssertion(() => page.Markup.ShouldContain("This flag does not exist"));
        await page.InvokeAsync(() => _context.DisposeComponentsAsync());
    }

    private async Task<Guid> MakeAsync(string key, FlagDefinition? definition = null, string? description = null)
    {
        await using var scope = await _fixture.ActAsAsync(PortalFixture.AdminEmail);
        var made = await scope.Get<FlagsService>().CreateAsync(key, true, new FlagForm(description, definition ?? FlagDefinition.OnOff, null), default);
        made.Outcome.ShouldBe(FlagOutcome.Done);
        return made.Id!.Value;
    }

    private Task<int> DraftsAsync(string key) => _fixture.QueryAsync(db => db.Set<Draft>().CountAsync(d => d.UserId == _admin && d.Form == $"/admin/flags/{key}/editor#rules"));

    private void As(string permission) => _context.Services.GetRequiredService<CurrentCaller>().Use(
        new Caller(_admin, null, "Ada Lovelace", AppDbContext.DefaultTenant, null, new[] { FlagsPermissions.Read, permission }.ToFrozenSet()));

    private IRenderedComponent<T> Page<T>(string url, string permission) where T : IComponent
    {
        As(permission);
        _context.Services.GetRequiredService<NavigationManager>().NavigateTo(url);
        return _context.Render<T>();
    }

    private IRenderedComponent<FlagPage> Open(string key, string permission, string? tab = null)
    {
        As(permission);
        _context.Services.GetRequiredService<NavigationManager>().NavigateTo($"/admin/flags/{key}");
        var page = _context.Render<FlagPage>(p => p.Add(f => f.Key, key).Add(f => f.Tab, tab));
        page.WaitForElement(tab is null ? "#flag-description" : ".tabs");
        return page;
    }

    private static Task ClickAsync(IRenderedComponent<FlagPage> page, string text) => page.ClickOnAsync(p => p.FindAll("button").Single(b => b.TextContent.Trim() == text));

    private sealed class Counting(IDbContextFactory<AppDbContext> databases) : IDbContextFactory<AppDbContext>
    {
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public AppDbContext CreateDbContext()
        {
            Interlocked.Increment(ref _count);
            return databases.CreateDbContext();
        }
    }
}
