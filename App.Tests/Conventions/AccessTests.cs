using System.Reflection;
using BlazorAdmin.Data;
using BlazorAdmin.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAdmin.Tests.Conventions;

public sealed class AccessTests(PortalFixture fixture) : IClassFixture<PortalFixture>
{
    // Everything else needs at least somebody signed in.
    private static readonly string[] AnonymousPages = ["/account/email/confirm", "/account/forgot", "/account/link", "/account/login", "/account/login/code", "/account/session-changed", "/setup"];
    private static readonly string[] AnonymousEndpoints = ["/account/language", "/account/login/passkey", "/account/logout", "/health/live", "/health/ready", "/security/csp-report"];

    [Fact]
    public void Pages_EachHasAPolicyOrStandsInTheList()
    {
        var catalog = fixture.Services.GetRequiredService<PermissionCatalog>();
        var pages = typeof(AppDbContext).Assembly.GetTypes().Where(t => t.GetCustomAttributes<RouteAttribute>().Any()).ToList();
        pages.Count.ShouldBeGreaterThan(10);
        foreach (var page in pages)
        {
            var routes = page.GetCustomAttributes<RouteAttribute>().Select(r => r.Template).ToList();
            if (page.GetCustomAttribute<AllowAnonymousAttribute>() is not null)
            {
                routes.ShouldBeSubsetOf(AnonymousPages);
                continue;
            }

            var policies = page.GetCustomAttributes<AuthorizeAttribute>().ToList();
            policies.ShouldNotBeEmpty($"{page.Name} ({string.Join(", ", routes)}) has no [Authorize]");
            foreach (var policy in policies.Where(p => p.Policy is not null)) catalog.Contains(policy.Policy!).ShouldBeTrue($"{page.Name}: {policy.Policy} is no registered permission");
            if (routes.Exists(r => r.StartsWith("/admin/", StringComparison.Ordinal))) policies.ShouldContain(p => p.Policy != null, $"{page.Name} is an administration page without a permission");
        }
    }

    [Fact]
    public void Endpoints_AnonymousOnes_StandInTheList()
    {
        var open = fixture.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.Metadata.GetMetadata<IAllowAnonymous>() is not null && e.Metadata.GetMetadata<Microsoft.AspNetCore.StaticAssets.StaticAssetDescriptor>() is null)
            .Select(e => "/" + e.RoutePattern.RawText!.TrimStart('/')).Distinct().ToList();

        open.ShouldBeSubsetOf(AnonymousPages.Concat(AnonymousEndpoints));
    }

    [Fact]
    public void NavigationAndWidgets_NameRegisteredPermissions()
    {
        var catalog = fixture.Services.GetRequiredService<PermissionCatalog>();
        foreach (var entry in fixture.Services.GetServices<BlazorAdmin.Shell.NavigationEntry>().Where(e => e.Permission is not null)) catalog.Contains(entry.Permission!).ShouldBeTrue(entry.Route);
        foreach (var widget in fixture.Services.GetServices<BlazorAdmin.Shell.DashboardWidget>().Where(w => w.Permission is not null)) catalog.Contains(widget.Permission!).ShouldBeTrue(widget.Id);
    }

    [Fact]
    public async Task AdministrationPages_MemberOpensThem_AreForbidden()
    {
        await fixture.AddUserAsync("visitor@example.org", Roles.Member);
        using var browser = await fixture.SignedInAsync("visitor@example.org");
        var pages = typeof(AppDbContext).Assembly.GetTypes().SelectMany(t => t.GetCustomAttributes<RouteAttribute>()).Select(r => r.Template)
            .Where(r => r.StartsWith("/admin/", StringComparison.Ordinal) && !r.Contains('{', StringComparison.Ordinal)).ToList();
        foreach (var page in pages)
        {
            using var answer = await browser.GetAsync(page);
            ((int)answer.StatusCode).ShouldBe(403, page);
            (await answer.Content.ReadAsStringAsync()).ShouldContain("You may not open this");
        }
    }

    /// <summary>
    /// Every public method of the registered scoped services of slices that reads or changes through a context is refused for
    /// somebody who holds nothing, or stands in the list of those that check otherwise.
    /// </summary>
    [Fact]
    public async Task Services_CallerWithoutRights_IsRefused()
    {
        await using var scope = await ActWithoutRightsAsync();
        var open = new List<string>();
        foreach (var service in typeof(AppDbContext).Assembly.GetTypes().Where(IsGuarded))
        {
            if (scope.TryGet(service) is not { } instance) continue;
            foreach (var method in service.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly).Where(m => !m.IsSpecialName && typeof(Task).IsAssignableFrom(m.ReturnType)))
            {
                if (Own.Contains($"{service.Name}.{method.Name}") || method.IsGenericMethodDefinition || TakesCaller(method)) continue;
                if (!await IsRefusedAsync(instance, method)) open.Add($"{service.Name}.{method.Name}");
            }
        }

        open.ShouldBeEmpty("these answered somebody without any permission");
    }

    // Methods about the caller's own things, which need only somebody signed in.
    private static readonly string[] Own =
    [
        "AccountService.GetAsync", "AccountService.SaveAsync", "AccountService.ChangePasswordAsync", "EmailChange.GetAsync", "EmailChange.AskAsync", "AuditTimeline.MineAsync",
        // Opened by a link that was mailed.
        "EmailChange.FindAsync", "EmailChange.ConfirmAsync",
        "AuthenticatorService.GetAsync", "AuthenticatorService.BeginAsync", "AuthenticatorService.ReopenAsync", "AuthenticatorService.ConfirmAsync",
        "AuthenticatorService.RenewCodesAsync", "AuthenticatorService.TurnOffAsync", "FreshProof.IsFreshAsync", "FreshProof.TakesPasswordAsync", "FreshProof.HasPasswordAsync", "FreshProof.ConfirmAsync",
        "PasskeyService.ListAsync", "PasskeyService.BeginAddAsync", "PasskeyService.AddAsync", "PasskeyService.RenameAsync", "PasskeyService.RemoveAsync",
        "PasskeyService.BeginConfirmAsync", "PasskeyService.ConfirmAsync",
        "ImpersonationService.EndAsync", "AccountExport.StateAsync", "AccountExport.StartAsync", "AccountExport.OpenAsync", "PictureService.SaveAsync", "PictureService.RemoveAsync", "PictureService.FindAsync", "NotificationChoices.GetAsync", "NotificationChoices.SaveAsync",
        "SessionService.SignOutAsync", "SessionService.MineAsync", "SessionService.EndMineAsync", "SessionService.EndMyOthersAsync",
        "JobsService.MineAsync", "Notifications.CountUnreadAsync", "Notifications.ListAsync", "Notifications.MarkReadAsync", "Notifications.MarkAllReadAsync",
        "Dashboards.OpenAsync", "Dashboards.OpenDefaultAsync", "Dashboards.GalleryAsync", "Dashboards.SaveAsync", "Dashboards.CreateAsync", "Dashboards.RenameAsync",
        "Dashboards.ShareAsync", "Dashboards.MoveAsync", "Dashboards.DeleteAsync",
        "DraftStore.SaveAsync", "DraftStore.RemoveAsync", "DraftStore.OfPageAsync", "DraftStore.FindAsync",
        // Answers with an empty list.
        "SettingsSearch.SearchAsync",
        "UserSearch.SearchAsync", "Notifications.RolesAsync",
        // Part of a page, which has asked; it ends the stream when the right goes.
        "LiveChartStream.VerifyAccessAsync", "LiveChartStream.DetachAsync", "LiveChartStream.Visible",
    ];

    // Parts of other commands: the one who calls them has authorised already and says for whom.
    private static bool TakesCaller(MethodInfo method) => method.GetParameters().Any(p => p.ParameterType == typeof(Caller));

    private static bool IsGuarded(Type type) =>
        type is { IsClass: true, IsAbstract: false, Namespace: { } space } && space.StartsWith("BlazorAdmin.Features.", StringComparison.Ordinal)
        && !typeof(ComponentBase).IsAssignableFrom(type)
        && type.GetConstructors().Any(c => c.GetParameters().Any(p => p.ParameterType == typeof(Guard)));

    private static async Task<bool> IsRefusedAsync(object instance, MethodInfo method)
    {
        try
        {
            await (Task)method.Invoke(instance, [.. method.GetParameters().Select(Argument)])!;
            return false;
        }
        catch (Exception exception)
        {
            // Anything else came too far: authorisation is the first line.
            return exception is ForbiddenException || exception.InnerException is ForbiddenException;
        }
    }

    private static object? Argument(ParameterInfo parameter) => parameter.ParameterType switch
    {
        var type when type == typeof(string) => "x",
        var type when type == typeof(BlazorAdmin.Shell.Lists.ListQuery) => new BlazorAdmin.Shell.Lists.ListQuery(),
        var type when type == typeof(CancellationToken) => CancellationToken.None,
        { IsValueType: true } type => Activator.CreateInstance(type),
        _ => null,
    };

    private async Task<ScopeOf> ActWithoutRightsAsync()
    {
        await fixture.AddUserAsync($"nothing-{Guid.NewGuid():N}@example.org");
        var email = await fixture.QueryAsync(db => db.Users.OrderByDescending(u => u.CreatedAt).Select(u => u.Email!).FirstAsync());
        return new ScopeOf(await fixture.ActAsAsync(email));
    }

    private sealed class ScopeOf(ActingScope scope) : IAsyncDisposable
    {
        public object? TryGet(Type service) => scope.Get<IServiceProvider>().GetService(service);

        public ValueTask DisposeAsync() => scope.DisposeAsync();
    }
}
