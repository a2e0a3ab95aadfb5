using BlazorAdmin.Features.Dashboard;
using BlazorAdmin.Features.Monitor;
using BlazorAdmin.Live;
using BlazorAdmin.Shell;
using BlazorAdmin.Tests.Data;
using BlazorAdmin.Tests.Features.Monitor;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace BlazorAdmin.Tests.Features.Dashboard;

public sealed class DashboardPageTests(DatabaseFixture database) : IClassFixture<DatabaseFixture>
{
    private MonitorContext Context(params string[] permissions)
    {
        var badge = new CountingBadge();
        return new MonitorContext(database.ConnectionString, services =>
        {
            services.AddSingleton(provider => new Topic<DashboardChanged>("dashboards", provider.GetRequiredService<INodeBus>(), provider.GetRequiredService<ILogger<Topic<DashboardChanged>>>()));
            services.AddScoped<DashboardWidgets>().AddScoped<Dashboards>();
            services.AddScoped<Attention>();
            services.AddSingleton(badge);
            services.AddSingleton(new DashboardWidget("monitor.cpu", typeof(MonitorTexts), "Cpu", typeof(CpuWidget), MonitorPermissions.Read, 3, 100));
            services.AddSingleton(new DashboardWidget("broken", typeof(MonitorTexts), "Disk", typeof(BrokenWidget), null, 3, 50));
            services.AddSingleton(new DashboardWidget("dashboard.attention", typeof(DashboardTexts), "NeedsAttention", typeof(AttentionWidget), null, 12, 0));
            services.AddSingleton(new NavigationEntry("/admin/monitor", typeof(MonitorTexts), "Monitor", NavigationGroup.Operations, "monitor", MonitorPermissions.Read, 1) { Badge = typeof(CountingBadge) });
        }, permissions);
    }

    private static async Task<IRenderedComponent<DashboardPage>> OpenAsync(MonitorContext context)
    {
        var page = context.Page.Render<DashboardPage>();
        await Eventually.Holds(() => page.FindAll("[data-widget]").Count > 0);
        return page;
    }

    private static string[] Cards(IRenderedComponent<DashboardPage> page) => [.. page.FindAll("[data-widget]").Select(card => card.GetAttribute("data-widget")!)];

    [Fact]
    public async Task Render_WithPermission_ShowsWidgetsInOrderAttentionFirst()
    {
        await using var context = Context(MonitorPermissions.Read);
        var page = await OpenAsync(context);
        Cards(page).ShouldBe(["dashboard.attention", "broken", "monitor.cpu"]);
        page.Find("[data-widget='monitor.cpu'] h2").TextContent.ShouldBe("CPU");
        await Eventually.Holds(() => context.Broadcaster.Viewers == 1);
    }

    [Fact]
    public async Task Render_Member_SeesNoHostMetrics()
    {
        await using var context = Context();
        var page = await OpenAsync(context);
        Cards(page).ShouldBe(["dashboard.attention", "broken"]);
        page.FindAll("[data-metric]").ShouldBeEmpty();
        page.Find("[data-widget='dashboard.attention']").TextContent.ShouldContain("Nothing waits for you.");
        context.Broadcaster.Viewers.ShouldBe(0);
    }

    [Fact]
    public async Task Render_WidgetThatFails_KeepsOthersAndShowsReference()
    {
        await using var context = Context(MonitorPermissions.Read);
        var page = await OpenAsync(context);
        var card = page.Find("[data-widget='broken']");
        card.QuerySelector("[role=alert]").ShouldNotBeNull();
        card.QuerySelector("code")!.TextContent.ShouldMatch("^.{4}-.{4}$");
        page.FindAll("[data-widget='monitor.cpu'] [data-metric]").Count.ShouldBe(1);
    }

    [Fact]
    public async Task Permission_TakenWhileOpen_RemovesTheCards()
    {
        await using var context = Context(MonitorPermissions.Read);
        var page = await OpenAsync(context);
        context.Grant();
        await Eventually.Holds(() => Cards(page).Length == 2 && context.Broadcaster.Viewers == 0);
    }

    [Fact]
    public async Task Attention_BadgeChanges_FollowsLive()
    {
        await using var context = Context(MonitorPermissions.Read);
        var page = await OpenAsync(context);
        var badge = context.Page.Services.GetRequiredService<CountingBadge>();
        badge.Set(3);
        await Eventually.Holds(() => page.Find("[data-widget='dashboard.attention']").TextContent.Contains("3 waiting"));
        page.Find("[data-widget='dashboard.attention'] a").GetAttribute("href").ShouldBe("/admin/monitor");
        await context.Page.DisposeComponentsAsync();
        badge.Listeners.ShouldBe(0);
        context.Listeners.ShouldBe(0);
        context.Broadcaster.Viewers.ShouldBe(0);
    }

    private sealed class BrokenWidget : ComponentBase
    {
        protected override void OnInitialized() => throw new InvalidOperationException("broken on purpose");
    }

    private sealed class CountingBadge : INavigationBadge
    {
        private readonly List<Action> _listeners = [];
        private int _count;

        public int Listeners => _listeners.Count;

        public bool NeedsAttention => true;

        public ValueTask<int> CountAsync(CancellationToken cancellation) => ValueTask.FromResult(_count);

        public IDisposable Subscribe(Action changed)
        {
            _listeners.Add(changed);
            return new Ending(() => _listeners.Remove(changed));
        }

        public void Set(int count)
        {
            _count = count;
            foreach (var listener in _listeners) listener();
        }
    }

    private sealed class Ending(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
