using System.Security.Claims;
using BlazorAdmin.Features.Monitor;
using BlazorAdmin.Security;
using BlazorAdmin.Shell.Controls;
using BlazorAdmin.Tests.Features.Monitor;
using Bunit;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAdmin.Tests.Shell;

/// <summary>What needs a right comes and goes with it while the page is open.</summary>
public sealed class PermittedTests
{
    [Fact]
    public async Task Content_FollowsTheRight()
    {
        var person = new SessionAuthenticationStateProvider();
        person.SetAuthenticationState(Task.FromResult(new AuthenticationState(new ClaimsPrincipal(new ClaimsIdentity("test")))));
        await using var context = new MonitorContext(null, services => services.AddSingleton<AuthenticationStateProvider>(person));
        var page = context.Page.Render<CascadingAuthenticationState>(p => p.AddChildContent<Permitted>(
            inner => inner.Add(x => x.Permission, MonitorPermissions.Read).AddChildContent("allowed")));
        page.Markup.ShouldBeEmpty();

        context.Grant(MonitorPermissions.Read);
        person.Recheck();
        page.WaitForAssertion(() => page.Markup.ShouldBe("allowed"));

        context.Grant();
        person.Recheck();
        page.WaitForAssertion(() => page.Markup.ShouldBeEmpty());
    }
}
