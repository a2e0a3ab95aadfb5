using System.Collections.Frozen;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Health;
using BlazorAdmin.Live;
using BlazorAdmin.Security;
using BlazorAdmin.Shell;
using BlazorAdmin.Shell.Controls;
using BlazorAdmin.Tests.Shell;
using Bunit;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAdmin.Tests.Features.Health;

public sealed class HealthPageTests : IClassFixture<PortalFixture>, IAsyncDisposable
{
    private readonly ShellContext _context = new();
    private readonly HealthWatch _watch;
    private readonly Topic<HealthChanged> _topic;

    public HealthPageTests(PortalFixture fixture)
    {
        var (services, portal) = (_context.Services, fixture.Services);
        (_watch, _topic) = (portal.GetRequiredService<HealthWatch>(), portal.GetRequiredService<Topic<HealthChanged>>());
        services.AddSingleton(_watch).AddSingleton(_topic).AddSingleton(portal.GetRequiredService<NodeInfo>()).AddSingleton(portal.GetRequiredService<AccessRegistry>());
        services.AddSingleton(portal.GetRequiredService<IDbContextFactory<AppDbContext>>());
        services.AddScoped<CurrentCaller>().AddScoped<Guard>().AddScoped<PageVisibility>().AddScoped<CurrentPage>().AddScoped<HealthService>();
        As(ShellSetup.HealthRead);
    }

    public ValueTask DisposeAsync() => _context.DisposeAsync();

    [Fact]
    public async Task Render_Components_ShowsThemAndRunsOnDemand()
    {
        var page = _context.Render<HealthPage>();
        page.WaitForAssertion(() => page.Markup.ShouldContain("Database"));
        var before = _watch.Components.Single(c => c.Name == "database").CheckedAt;

        await page.InvokeAsync(() => page.Find("button.main").ClickAsync(new()));

        page.WaitForAssertion(() => _watch.Components.Single(c => c.Name == "database").CheckedAt.ShouldBeGreaterThan(before));
        page.FindAll("tbody tr").Count.ShouldBe(_watch.Components.Count);
    }

    [Fact]
    public async Task Visibility_HiddenAndGone_NobodyWatches()
    {
        var (before, subscribers) = (_watch.Watchers, _topic.SubscriberCount);
        var page = _context.Render<HealthPage>();
        page.WaitForAssertion(() => _watch.Watchers.ShouldBe(before + 1));
        var visibility = _context.Services.GetRequiredService<PageVisibility>();

        visibility.Set(hidden: true);
        _watch.Watchers.ShouldBe(before);
        visibility.Set(hidden: false);
        _watch.Watchers.ShouldBe(before + 1);
        await _context.DisposeComponentsAsync();

        (_watch.Watchers, _topic.SubscriberCount).ShouldBe((before, subscribers));
    }

    [Fact]
    public void Render_WithoutTheRight_SaysSo()
    {
        As("nothing");
        var page = _context.Render<HealthPage>();
        page.WaitForAssertion(() => page.FindComponents<ForbiddenState>().Count.ShouldBe(1));
    }

    private void As(string permission) => _context.Services.GetRequiredService<CurrentCaller>().Use(new Caller(Guid.NewGuid(), null, "Olga", AppDbContext.DefaultTenant, null, new[] { permission }.ToFrozenSet()));
}
