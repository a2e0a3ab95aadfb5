using System.Collections.Frozen;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Dashboard;
using BlazorAdmin.Live;
using BlazorAdmin.Security;
using BlazorAdmin.Shell;
using BlazorAdmin.Tests.Data;
using BlazorAdmin.Tests.Shell;
using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace BlazorAdmin.Tests.Features.Dashboard;

public sealed class HealthWidgetTests : IAsyncDisposable
{
    private static readonly DashboardWidget Widget = new("dashboard.health", typeof(DashboardTexts), "ComponentHealth", typeof(HealthWidget), ShellSetup.HealthRead, 4, 0)
    {
        Settings = [WidgetSetting.Toggle(HealthWidget.OnlyProblems, "OnlyProblems")],
    };

    private readonly FakeTime _time = new();
    private readonly ShellContext _page = new();
    private bool _sick;
    private int _runs;

    public HealthWidgetTests()
    {
        var services = _page.Services;
        services.AddSingleton<TimeProvider>(_time);
        services.AddSingleton<ComponentHealth>().AddScoped<PageVisibility>().AddScoped<Guard>().AddSingleton<IDbContextFactory<AppDbContext>>(new TestDatabases(""));
        services.AddScoped(provider =>
        {
            var current = new CurrentCaller(null!, provider);
            current.Use(new Caller(Guid.NewGuid(), null, "Olga", AppDbContext.DefaultTenant, null, new[] { ShellSetup.HealthRead }.ToFrozenSet()));
            return current;
        });
        services.AddHealthChecks().AddCheck("database", () =>
        {
            Interlocked.Increment(ref _runs);
            return _sick ? HealthCheckResult.Degraded("It answers slowly.") : HealthCheckResult.Healthy();
        }).AddCheck("newcomer", () => HealthCheckResult.Healthy());
    }

    public ValueTask DisposeAsync() => _page.DisposeAsync();

    [Fact]
    public async Task Component_GetsWorse_ShowsItWithTheNextCheck()
    {
        var widget = _page.Render<HealthWidget>();
        await Eventually.Holds(() => widget.FindAll("li").Count == 2);
        widget.FindAll("li")[0].TextContent.ShouldContain("Database");
        widget.FindAll("li")[1].TextContent.ShouldContain("newcomer");
        _sick = true;
        _time.Advance(TimeSpan.FromSeconds(16));
        await Eventually.Holds(() => widget.FindAll("li")[0].TextContent.Contains("It answers slowly."));
        widget.FindAll("li")[0].QuerySelector(".chip")!.TextContent.ShouldBe("degraded");
    }

    [Fact]
    public async Task Page_Hidden_AsksNobodyUntilItIsShown()
    {
        var widget = _page.Render<HealthWidget>();
        await Eventually.Holds(() => widget.FindAll("li").Count == 2);
        var visibility = _page.Services.GetRequiredService<PageVisibility>();
        visibility.Set(hidden: true);
        _time.Advance(TimeSpan.FromMinutes(5));
        _runs.ShouldBe(1);
        visibility.Set(hidden: false);
        _time.Advance(TimeSpan.Zero);
        await Eventually.Holds(() => _runs == 2);
    }

    [Fact]
    public async Task OnlyProblems_AllHealthy_SaysSo()
    {
        var settings = WidgetSettings.Of(Widget, new Dictionary<string, string> { [HealthWidget.OnlyProblems] = WidgetSetting.On });
        var widget = _page.Render<HealthWidget>(parameters => parameters.Add(w => w.Settings, settings));
        await Eventually.Holds(() => widget.Markup.Contains("All components are healthy", StringComparison.Ordinal));
    }
}
