using System.Collections.Frozen;
using BlazorAdmin.Data;
using BlazorAdmin.Data.Keys;
using BlazorAdmin.Features.Settings;
using BlazorAdmin.Live;
using BlazorAdmin.Security;
using BlazorAdmin.Shell;
using BlazorAdmin.Shell.Controls;
using BlazorAdmin.Tests.Shell;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAdmin.Tests.Features.Settings;

public sealed class SettingsPageTests : IClassFixture<PortalFixture>, IAsyncLifetime
{
    private readonly ShellContext _context = new();
    private readonly PortalFixture _fixture;
    private readonly SettingsStatus _status;

    public SettingsPageTests(PortalFixture fixture)
    {
        _fixture = fixture;
        var (services, portal) = (_context.Services, fixture.Services);
        _status = portal.GetRequiredService<SettingsStatus>();
        Share<IDbContextFactory<AppDbContext>>();
        Share<Topic<SettingsChanged>>();
        Share<AccessRegistry>();
        Share<IDatabaseDialect>();
        Share<SettingsCatalog>();
        Share<SettingsStatus>();
        Share<SettingsFollower>();
        Share<DatabaseSettingsLoader>();
        Share<SecretBox>();
        Share<NodeInfo>();
        Share<BlazorAdmin.Features.Account.Factors.RecentProof>();
        services.AddScoped<CurrentCaller>().AddScoped<Guard>().AddScoped<PageVisibility>().AddScoped<CurrentPage>();
        services.AddScoped<SettingsService>().AddScoped<SettingsHistory>().AddScoped<SettingsCommands>().AddScoped<MaintenanceMode>();

        void Share<T>() where T : class => services.AddSingleton(portal.GetRequiredService<T>());
    }

    public async Task InitializeAsync()
    {
        // What an earlier test of this class set.
        await using var scope = _fixture.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentCaller>().Use(Person(await AdminAsync(), SettingsPermissions.Read, SettingsPermissions.Manage));
        var settings = scope.ServiceProvider.GetRequiredService<SettingsService>();
        var exported = await settings.ReadAsync();
        var edits = exported.SelectMany(v => v.Shape.IsCollection ? v.Items.Where(i => i.IsOverridden).Select(i => i.Name) : v.IsOverridden ? [v.Key] : []).Select(key => new SettingEdit(key, null)).ToList();
        if (edits.Count > 0) (await settings.ApplyAsync(edits, "clean")).IsDone.ShouldBeTrue();
    }

    public async Task DisposeAsync() => await _context.DisposeAsync();

    [Fact]
    public async Task Maintenance_BegunAndEndedByTheButton_HoldsWithItsMessage()
    {
        var options = _fixture.Services.GetRequiredService<Microsoft.Extensions.Options.IOptionsMonitor<MaintenanceOptions>>();
        var page = await OpenAsync("Notifications");
        await page.ClickOnAsync(p => p.FindAll("button").Single(b => b.TextContent.Trim() == "Begin maintenance"));
        page.WaitForElement("#maintenance-message");
        page.Act(() => page.Find("#maintenance-message").Change("New disks."));
        await page.InvokeAsync(() => page.Find("dialog form").SubmitAsync());

        page.WaitForAssertion(() => page.FindAll("button").ShouldContain(b => b.TextContent.Trim() == "End maintenance"));
        (options.CurrentValue.ReadOnly, options.CurrentValue.Message).ShouldBe((true, "New disks."));

        await using var scope = _fixture.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentCaller>().Use(Person(await AdminAsync(), SettingsPermissions.Read, SettingsPermissions.Manage));
        (await scope.ServiceProvider.GetRequiredService<MaintenanceMode>().EndAsync("over")).IsDone.ShouldBeTrue();
        (options.CurrentValue.ReadOnly, options.CurrentValue.Message).ShouldBe((false, null));
        page.WaitForAssertion(() => page.FindAll("button").ShouldContain(b => b.TextContent.Trim() == "Begin maintenance"));
    }

    [Fact]
    public async Task Edit_WrongThenRight_IsCheckedPreviewedAndApplied()
    {
        var page = await OpenAsync("Notifications");
        await ChangeAsync(page, Of("Notifications:RetentionDays", "input"), "0");
        page.WaitForAssertion(() => Field(page, "Notifications:RetentionDays", ".error").TextContent.ShouldContain("from 1 to 3650"));
        await page.ClickOnAsync(p => p.Find(".list-bulk .button.main"));
        page.WaitForElement("dialog").TextContent.ShouldContain("from 1 to 3650");
        page.FindAll("dialog button[type=submit]").ShouldBeEmpty();
        await page.ClickOnAsync(p => p.Find("dialog [data-dismiss]"));

        await ChangeAsync(page, Of("Notifications:RetentionDays", "input"), "33");
        await page.ClickOnAsync(p => p.Find(".list-bulk .button.main"));
        page.WaitForElement("dialog tbody tr").TextContent.ShouldSatisfyAllConditions(t => t.ShouldContain("90"), t => t.ShouldContain("33"));
        await page.InvokeAsync(() => page.Find("dialog form").SubmitAsync());
        page.WaitForAssertion(() => page.Find("dialog .error").TextContent.ShouldContain("say why"));
        await ChangeAsync(page, "dialog input", "asked by the works council");
        await page.InvokeAsync(() => page.Find("dialog form").SubmitAsync());
        page.WaitForAssertion(() => page.FindAll("dialog").ShouldBeEmpty());
        page.WaitForAssertion(() => page.FindAll(".list-bulk").ShouldBeEmpty());
        page.WaitForAssertion(() => page.Find("[data-setting='Notifications:RetentionDays']").TextContent.ShouldContain("portal"));
        (await _fixture.QueryAsync(db => db.Set<SettingChange>().OrderByDescending(c => c.Id).Select(c => new { c.NewValue, c.Reason }).FirstAsync())).ShouldBe(new { NewValue = (string?)"33", Reason = (string?)"asked by the works council" });
    }

    [Fact]
    public async Task Apply_SomebodyElseWasFaster_IsSaidAndNothingIsLost()
    {
        var page = await OpenAsync("Notifications");
        await ChangeAsync(page, Of("Notifications:RetentionDays", "input"), "33");
        await page.ClickOnAsync(p => p.Find(".list-bulk .button.main"));
        page.WaitForElement("dialog input");
        (await OtherAsync("Notifications:RetentionDays", "44")).IsDone.ShouldBeTrue();
        await ChangeAsync(page, "dialog input", "why");
        await page.InvokeAsync(() => page.Find("dialog form").SubmitAsync());
        page.WaitForAssertion(() => page.Find("dialog .note.bad").TextContent.ShouldContain("changed by somebody else"));
        page.Find("dialog .note.bad").TextContent.ShouldContain("44");
        page.FindAll("dialog button[type=submit]").ShouldBeEmpty();
        await page.ClickOnAsync(p => p.FindAll("dialog button").Single(b => b.TextContent.Contains("Look again")));
        page.WaitForAssertion(() => page.Find("dialog tbody").TextContent.ShouldSatisfyAllConditions(t => t.ShouldContain("44"), t => t.ShouldContain("33")));
        await page.InvokeAsync(() => page.Find("dialog form").SubmitAsync());
        page.WaitForAssertion(() => page.FindAll("dialog").ShouldBeEmpty());
    }

    [Fact]
    public async Task Secret_Replaced_NeverStandsInThePage()
    {
        var page = await OpenAsync("Otlp");
        await page.ClickOnAsync(p => Field(p, "Otlp:Headers", "button"));
        await ChangeAsync(page, Of("Otlp:Headers", "input[type=password]"), "authorization=s3cret");
        await page.ClickOnAsync(p => p.Find(".list-bulk .button.main"));
        page.WaitForElement("dialog input");
        page.Markup.ShouldNotContain("s3cret");
        await ChangeAsync(page, "dialog input", "why");
        await page.InvokeAsync(() => page.Find("dialog form").SubmitAsync());
        page.WaitForAssertion(() => page.FindAll("dialog").ShouldBeEmpty());
        page.Markup.ShouldNotContain("s3cret");
        page.WaitForElement(Of("Otlp:Headers", "output")).TextContent.ShouldContain("set");
        page.WaitForElement(Of("Otlp:Headers", "button[aria-label^=Reset]"));
        await page.ClickOnAsync(p => Field(p, "Otlp:Headers", "button[aria-label^=Reset]"));
        page.WaitForAssertion(() => page.Find("[data-setting='Otlp:Headers']").TextContent.ShouldContain("taken away"));
    }

    [Fact]
    public async Task Import_FileChosen_IsPreviewedThenApplied()
    {
        var page = await OpenAsync("Notifications");
        page.FindComponent<FilePick>().UploadFiles(InputFileContent.CreateFromText("{ \"Notifications:RetentionDays\": \"12\", \"Nothing:Here\": \"1\" }", "settings.json"));
        page.WaitForAssertion(() => page.Find("dialog").TextContent.ShouldContain("Nothing:Here: there is no such setting"));
        page.FindAll("dialog button[type=submit]").ShouldBeEmpty();
        await page.ClickOnAsync(p => p.Find("dialog [data-dismiss]"));
        page.FindComponent<FilePick>().UploadFiles(InputFileContent.CreateFromText("Notifications:\n  RetentionDays: 12\n", "settings.yaml"));
        page.WaitForElement("dialog input");
        await ChangeAsync(page, "dialog input", "why");
        await page.InvokeAsync(() => page.Find("dialog form").SubmitAsync());
        page.WaitForAssertion(() => page.FindAll("dialog").ShouldBeEmpty());
        page.WaitForAssertion(() => Field(page, "Notifications:RetentionDays", "input").GetAttribute("value").ShouldBe("12"));
    }

    [Fact]
    public async Task Auditor_ReadsOnly()
    {
        var page = await OpenAsync("Notifications", SettingsPermissions.Read);
        Field(page, "Notifications:RetentionDays", "output").TextContent.ShouldBe("90");
        page.FindAll("[data-setting] input, [data-setting] button").ShouldBeEmpty();
        page.FindComponents<FilePick>().ShouldBeEmpty();
    }

    [Fact]
    public async Task Search_WordsOfADescription_FindsInAllSections()
    {
        await ActAsync(SettingsPermissions.Read);
        _context.Services.GetRequiredService<NavigationManager>().NavigateTo("/admin/system?q=password address");
        var page = _context.Render<SettingsPage>();
        page.WaitForElement("[data-setting='Security:FailuresPerAddress']");
        page.FindAll("[data-setting^='Jobs']").ShouldBeEmpty();
    }

    [Fact]
    public async Task Search_NothingMatches_SaysSo()
    {
        await ActAsync(SettingsPermissions.Read);
        _context.Services.GetRequiredService<NavigationManager>().NavigateTo("/admin/system?q=zzz");
        _context.Render<SettingsPage>().WaitForElement(".state").TextContent.ShouldContain("No setting matches");
    }

    [Fact]
    public async Task Palette_WordsOfASetting_FindsItForThoseWhoMayRead()
    {
        await ActAsync(SettingsPermissions.Read);
        var search = ActivatorUtilities.CreateInstance<SettingsSearch>(_context.Services);
        (await search.SearchAsync("notification deleted", 5, default)).ShouldHaveSingleItem().Url.ShouldBe("/admin/system?q=Notifications%3ARetentionDays");
        await ActAsync();
        (await search.SearchAsync("notification deleted", 5, default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Problem_ComesAndGoes_IsShownAndBadgeCounts()
    {
        var page = await OpenAsync("Notifications");
        var badge = new SettingsBadge(_status);
        _status.Report("conf.d/broken.json", "it ends in the middle");
        try
        {
            page.WaitForAssertion(() => page.Find("[data-problem]").TextContent.ShouldContain("conf.d/broken.json is not applied: it ends in the middle."));
            (await badge.CountAsync(default)).ShouldBe(1);
        }
        finally
        {
            _status.Resolve("conf.d/broken.json");
        }

        page.WaitForAssertion(() => page.FindAll("[data-problem]").ShouldBeEmpty());
    }

    [Fact]
    public async Task Pages_WithoutPermission_SayForbidden()
    {
        await ActAsync();
        _context.Render<SettingsPage>().WaitForElement(".state").TextContent.ShouldContain("may not");
        _context.Render<SettingsFilesPage>().WaitForElement(".state").TextContent.ShouldContain("may not");
    }

    [Fact]
    public async Task Page_Disposed_LeavesNoSubscriber()
    {
        var topic = _fixture.Services.GetRequiredService<Topic<SettingsChanged>>();
        var before = topic.SubscriberCount;
        await OpenAsync("Notifications");
        await Eventually.Holds(() => topic.SubscriberCount == before + 1);
        await _context.DisposeComponentsAsync();
        topic.SubscriberCount.ShouldBe(before);
    }

    [Fact]
    public async Task Batch_RolledBack_TheValueIsAsBefore()
    {
        await ActAsync(SettingsPermissions.Read, SettingsPermissions.Manage);
        (await OtherAsync("Notifications:RetentionDays", "44")).IsDone.ShouldBeTrue();
        var id = await _fixture.QueryAsync(db => db.Set<SettingChange>().MaxAsync(c => c.Id));
        var batch = _context.Render<SettingsBatch>(parameters => parameters.Add(b => b.Id, id));
        batch.WaitForElement("button.button");
        await batch.ClickOnAsync(b => b.Find("button.button"));
        batch.WaitForElement("dialog tbody").TextContent.ShouldSatisfyAllConditions(t => t.ShouldContain("44"), t => t.ShouldContain("90"));
        await ChangeAsync(batch, "dialog input", "back");
        await batch.InvokeAsync(() => batch.Find("dialog form").SubmitAsync());
        batch.WaitForAssertion(() => batch.FindAll("dialog").ShouldBeEmpty());
        (await _fixture.QueryAsync(db => db.Set<SettingOverride>().AnyAsync(s => s.Key == "Notifications:RetentionDays"))).ShouldBeFalse();
    }

    private async Task<IRenderedComponent<SettingsPage>> OpenAsync(string section, params string[] permissions)
    {
        await ActAsync(permissions.Length > 0 ? permissions : [SettingsPermissions.Read, SettingsPermissions.Manage]);
        _context.Services.GetRequiredService<NavigationManager>().NavigateTo($"/admin/system?section={section}");
        var page = _context.Render<SettingsPage>();
        page.WaitForElement("[data-setting]");
        return page;
    }

    private async Task ActAsync(params string[] permissions) => _context.Services.GetRequiredService<CurrentCaller>().Use(Person(await AdminAsync(), permissions));

    private async Task<SettingOutcome> OtherAsync(string key, string value)
    {
        await using var scope = _fixture.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentCaller>().Use(Person(await AdminAsync(), SettingsPermissions.Manage));
        return await scope.ServiceProvider.GetRequiredService<SettingsService>().ApplyAsync([new SettingEdit(key, value)], "another person");
    }

    private Task<Guid> AdminAsync() => _fixture.QueryAsync(db => db.Users.Where(u => u.Email == PortalFixture.AdminEmail).Select(u => u.Id).SingleAsync());

    private static Caller Person(Guid id, params string[] permissions) => new(id, null, "Ada Lovelace", AppDbContext.DefaultTenant, null, permissions.ToFrozenSet());

    // In one turn of the renderer: the page may draw itself anew between finding and changing.
    private static Task ChangeAsync<T>(IRenderedComponent<T> view, string selector, string value) where T : IComponent =>
        view.InvokeAsync(() => view.Find(selector).ChangeAsync(new ChangeEventArgs { Value = value }));

    private static string Of(string key, string selector) => $"[data-setting='{key}'] {selector}";

    private static AngleSharp.Dom.IElement Field(IRenderedComponent<SettingsPage> page, string key, string selector) => page.Find(Of(key, selector));
}
