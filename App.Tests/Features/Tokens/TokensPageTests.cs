using System.Collections.Frozen;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Tokens;
using BlazorAdmin.Live;
using BlazorAdmin.Security;
using BlazorAdmin.Shell;
using BlazorAdmin.Shell.Lists.Views;
using BlazorAdmin.Tests.Shell;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAdmin.Tests.Features.Tokens;

public sealed class TokensPageTests : IClassFixture<PortalFixture>, IAsyncLifetime
{
    private readonly ShellContext _context = new();
    private readonly PortalFixture _fixture;

    public TokensPageTests(PortalFixture fixture)
    {
        _fixture = fixture;
        var (services, portal) = (_context.Services, fixture.Services);
        services.AddSingleton(portal.GetRequiredService<IDbContextFactory<AppDbContext>>()).AddSingleton(portal.GetRequiredService<Topic<TokensChanged>>());
        services.AddSingleton(portal.GetRequiredService<AccessRegistry>()).AddSingleton(portal.GetRequiredService<TokenScopeCatalog>()).AddSingleton(portal.GetRequiredService<IDatabaseDialect>());
        services.AddScoped<CurrentCaller>().AddScoped<Guard>().AddScoped<PageVisibility>().AddScoped<CurrentPage>().AddScoped<SavedViews>().AddSingleton<SliceTexts>();
        services.AddSingleton(new NavigationEntry("/admin/tokens", typeof(TokensTexts), "Tokens", NavigationGroup.Administration, "lock", TokensPermissions.Read, 25));
        services.AddSingleton(portal.GetRequiredService<BlazorAdmin.Features.Account.Factors.RecentProof>());
        services.AddScoped<TokensService>().AddScoped<TokenDialogs>();
        _context.Services.GetRequiredService<NavigationManager>().NavigateTo("/admin/tokens");
    }

    public async Task InitializeAsync()
    {
        var admin = await _fixture.QueryAsync(db => db.Users.Where(u => u.Email == PortalFixture.AdminEmail).Select(u => u.Id).SingleAsync());
        await using var signedIn = await _fixture.ActAsAsync(PortalFixture.AdminEmail);
        _context.Services.GetRequiredService<CurrentCaller>().Use(
            new Caller(admin, signedIn.Session.Id, "Ada Lovelace", AppDbContext.DefaultTenant, null, new[] { TokensPermissions.Read, TokensPermissions.Manage, ShellSetup.HealthRead }.ToFrozenSet()));
    }

    public async Task DisposeAsync() => await _context.DisposeAsync();

    [Fact]
    public async Task Create_WithProblemsThenWithout_ShowsTheSecretOnce()
    {
        var page = _context.Render<TokensPage>();
        page.WaitForElement("button.main");
        await page.InvokeAsync(() => page.Find("button.main").ClickAsync(new()));
        await page.InvokeAsync(() => page.Find("dialog form").SubmitAsync());
        page.Find("dialog .error").TextContent.ShouldContain("Name: write what uses the token.");

        await page.InvokeAsync(() => page.Find("dialog input[id$=-name]").ChangeAsync(new ChangeEventArgs { Value = "from the page" }));
        await page.InvokeAsync(() => page.Find("dialog form").SubmitAsync());
        page.WaitForAssertion(() => page.Markup.ShouldContain("Scopes: choose at least one."));
        page.FindAll("dialog fieldset code").Select(scope => scope.TextContent).ShouldBe([TokenScopes.HealthRead], "the scope without its permission is hidden");
        await page.InvokeAsync(() => page.FindAll("dialog input[type=checkbox]")[0].ChangeAsync(new ChangeEventArgs { Value = true }));
        await page.InvokeAsync(() => page.Find("dialog select").ChangeAsync(new ChangeEventArgs { Value = "day" }));
        await page.InvokeAsync(() => page.Find("dialog form").SubmitAsync());
        page.Markup.ShouldContain("Last day: choose a date.");
        await page.InvokeAsync(() => page.Find("dialog select").ChangeAsync(new ChangeEventArgs { Value = "never" }));
        await page.InvokeAsync(() => page.Find("dialog form").SubmitAsync());

        var secret = page.WaitForElement("[data-secret]").TextContent;
        TokenSecret.HasForm(secret).ShouldBeTrue();
        page.Find("[data-copy]").GetAttribute("data-copy").ShouldBe(secret);
        await page.InvokeAsync(() => page.Find("dialog form").SubmitAsync());
        page.Markup.ShouldNotContain(secret);
        page.WaitForAssertion(() => page.Find("tr[data-row]").TextContent.ShouldContain("from the page"));
    }
}
