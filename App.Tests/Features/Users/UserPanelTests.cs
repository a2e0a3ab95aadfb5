using BlazorAdmin.Features.Account.Factors;
using BlazorAdmin.Features.Users;
using BlazorAdmin.Live;
using BlazorAdmin.Security;
using BlazorAdmin.Shell;
using BlazorAdmin.Tests.Shell;
using Bunit;
using Bunit.TestDoubles;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Tests.Features.Users;

/// <summary>The panel of one account: what is picked stays until it is saved, and a refusal is a message.</summary>
public sealed class UserPanelTests(PortalFixture fixture) : IClassFixture<PortalFixture>, IAsyncLifetime
{
    private readonly ShellContext _context = new();
    private ActingScope? _acting;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _context.DisposeAsync();
        if (_acting is not null) await _acting.DisposeAsync();
    }

    [Fact]
    public async Task Command_RefusedOrDone_KeepsTheRolesThatArePicked()
    {
        var user = await fixture.AddUserAsync("picked@example.org", Roles.Member);
        var page = await OpenAsync(user.Id);
        var editor = (await _acting!.Get<UserDirectory>().RolesAsync(default)).Single(r => r.Name == Roles.Editor).Id;
        await page.InvokeAsync(() => page.Find($"input[name='role.{editor}']").ChangeAsync(new ChangeEventArgs { Value = true }));

        await fixture.QueryAsync(db => db.Set<SignInSession>().Where(s => s.Id == _acting.Session.Id).ExecuteUpdateAsync(set => set.SetProperty(s => s.ProvedAt, DateTimeOffset.UtcNow.AddMinutes(-6))));
        await page.ClickOnAsync(p => p.FindAll("button").Single(b => b.TextContent.Contains("Link to a new password", StringComparison.Ordinal)));
        page.WaitForAssertion(() => _context.Services.GetRequiredService<NavigationManager>().Uri.ShouldContain("/account/confirm"));
        Picked().ShouldBeTrue();
        Settled().ShouldBe("0");

        (await _acting.Get<FreshProof>().ConfirmAsync(PortalFixture.Password, default)).ShouldBe(PasswordCheck.Right);
        await page.ClickOnAsync(p => p.FindAll("button").Single(b => b.TextContent.Contains("Link to a new password", StringComparison.Ordinal)));
        page.WaitForAssertion(() => page.Markup.ShouldContain("account/link?token="));
        Picked().ShouldBeTrue();
        Settled().ShouldBe("0");

        await page.ClickOnAsync(p => p.FindAll("button").Single(b => b.TextContent.Contains("Save roles", StringComparison.Ordinal)));
        page.WaitForAssertion(() => Settled().ShouldBe("1"));
        Picked().ShouldBeTrue();

        bool Picked() => page.Find($"input[name='role.{editor}']").HasAttribute("checked");
        string? Settled() => page.Find("portal-draft[data-name^='roles:']").GetAttribute("data-sent");
    }

    [Fact]
    public async Task OwnAccount_OffersNeitherLinkNorAddress()
    {
        var admin = await fixture.QueryAsync(db => db.Users.Where(u => u.Email == PortalFixture.AdminEmail).Select(u => u.Id).SingleAsync());

        var page = await OpenAsync(admin);

        page.Markup.ShouldNotContain("Link to a new password");
        page.FindAll("#user-email").ShouldBeEmpty();
    }

    [Fact]
    public async Task Address_Refused_IsAMessageAndThePageStays()
    {
        await fixture.AddUserAsync("no-right@example.org", Roles.Member);
        var user = await fixture.AddUserAsync("untouched@example.org", Roles.Member);
        await ActAsync("no-right@example.org");
        var row = new UserRow { Id = user.Id, Name = "Untouched", Email = user.Email!, Roles = [] };
        var form = _context.Render<UserEmail>(parameters => parameters.Add(e => e.User, row));

        await form.InvokeAsync(() => form.Find("form").SubmitAsync());

        _context.Services.GetRequiredService<Toasts>().Shown.ShouldHaveSingleItem().Text.ShouldBe("You may not do that.");
        form.Find("button[type=submit]").HasAttribute("disabled").ShouldBeFalse();
    }

    private async Task<IRenderedComponent<UserPanel>> OpenAsync(Guid id)
    {
        await ActAsync(PortalFixture.AdminEmail);
        var page = _context.Render<UserPanel>(parameters => parameters.Add(p => p.Id, id));
        page.WaitForElement("#user-roles");
        return page;
    }

    private async Task ActAsync(string email)
    {
        _acting = await fixture.ActAsAsync(email);
        _context.AddAuthorization().SetAuthorized(email).SetPolicies(UsersPermissions.Manage, UsersPermissions.Impersonate);
        var services = _context.Services;
        services.AddScoped<PageVisibility>().AddScoped<CurrentPage>().AddScoped<UserDialogs>();
        Share<UserDirectory>();
        Share<UserAdministration>();
        Share<UserAddress>();
        Share<UserInvitations>();
        Share<BlazorAdmin.Features.Directories.LocalAccounts>();
        Share<BlazorAdmin.Features.Account.SessionService>();
        Share<BlazorAdmin.Features.Audit.AuditTimeline>();
        Share<Guard>();
        Share<Topic<AccessChanged>>();
        Share<IOptionsMonitor<SecurityOptions>>();

        void Share<T>() where T : class => services.AddSingleton(_acting.Get<T>());
    }
}
