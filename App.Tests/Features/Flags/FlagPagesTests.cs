using System.Collections.Frozen;
using BlazorAdmin.Data;
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
    private Guid _admin;

    public FlagPagesTests(PortalFixture fixture)
    {
        _fixture = fixture;
        var (services, portal) = (_context.Services, fixture.Services);
        services.AddSingleton(portal.GetRequiredService<IDbContextFactory<AppDbContext>>()).AddSingleton(portal.GetRequiredService<IDatabaseDialect>());
        services.AddSingleton(portal.GetRequiredService<Topic<FlagsChanged>>()).AddSingleton(portal.GetRequiredService<FlagStore>());
        services.AddSingleton(portal.GetRequiredService<AccessRegistry>());
        services.AddScoped<CurrentCaller>().AddScoped<Guard>().AddScoped<PageVisibility>().AddScoped<CurrentPage>().AddScoped<SavedViews>().AddSingleton<SliceTexts>();
        services.AddSingleton(new NavigationEntry("/admin/flags", typeof(FlagsTexts), "Flags", NavigationGroup.Administration, "flag", FlagsPermissions.Read, 50));
        services.AddSingleton(provider => new FlagCatalog(portal.GetServices<FlagDeclaration>(), provider.GetRequiredService<SliceTexts>()));
        services.AddScoped<FlagsService>().AddScoped<FlagDirectory>().AddScoped<FlagPreviews>().AddScoped<FlagDialogs>();
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
        await MakeAsync("page.read");
        var page = Open("page.read", FlagsPermissions.Read);

        page.FindAll("button[type=submit]").ShouldBeEmpty();
        page.FindAll("fieldset").ShouldAllBe(f => f.HasAttribute("disabled") || f.ParentElement!.Closest("fieldset[disabled]") != null);
        page.FindAll("button").ShouldNotContain(b => b.TextContent.Contains("Switch off"));
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
}
