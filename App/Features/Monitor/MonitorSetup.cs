using BlazorAdmin.Security;
using BlazorAdmin.Shell;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Features.Monitor;

public static class MonitorSetup
{
    private const string Minutes = "minutes";

    public static Portal AddMonitor(this Portal portal)
    {
        portal.Permission(MonitorPermissions.Read, Roles.Operator, Roles.Auditor)
            .Settings<MonitorOptions>(MonitorOptions.Section)
            .Health<CollectorHealth>("collector")
            .Navigation(new NavigationEntry("/admin/monitor", typeof(MonitorTexts), "Monitor", NavigationGroup.Operations, "monitor", MonitorPermissions.Read, 30))
            .Widget(Widget("monitor.cpu", "Cpu", "AboutCpu", typeof(CpuWidget), 3, 10))
            .Widget(Widget("monitor.memory", "Memory", "AboutMemory", typeof(MemoryWidget), 3, 11))
            .Widget(Widget("monitor.disk", "Disk", "AboutDisk", typeof(DiskWidget), 3, 12))
            .Widget(Widget("monitor.network", "Network", "AboutNetwork", typeof(NetworkWidget), 3, 13))
            .Widget(Widget("monitor.cores", "CpuByCore", "AboutCores", typeof(CpuCoresWidget), 8, 20) with { Height = 6, LeastWidth = 3, LeastHeight = 5 });

        portal.Services.AddSingleton(provider => new SampleRing(Options(provider).KeptSamples));
        portal.Services.AddSingleton(provider => new HostCollector(Options(provider).HostRoot, provider.GetRequiredService<ILogger<HostCollector>>()));
        portal.Services.AddSingleton<TickBroadcaster>();
        portal.Services.AddSingleton<CollectorService>();
        portal.Services.AddHostedService(provider => provider.GetRequiredService<CollectorService>());
        portal.Services.AddScoped<LiveChartStream>();
        portal.Services.AddScoped<CircuitHandler, LiveStreamCircuitHandler>();
        return portal;
    }

    /// <summary>Seconds that a dashboard card shows.</summary>
    internal static int SecondsOf(WidgetSettings? settings) => 60 * (settings?.Number(Minutes) ?? 1);

    private static DashboardWidget Widget(string id, string titleKey, string aboutKey, Type component, int width, int order) =>
        new(id, typeof(MonitorTexts), titleKey, component, MonitorPermissions.Read, width, order)
        {
            DescriptionKey = aboutKey, Height = 3, LeastHeight = 3,
            Settings = [WidgetSetting.Choice(Minutes, "TimeShown", new("1", "MinutesShown", 1), new("5", "MinutesShown", 5), new("10", "MinutesShown", 10))],
        };

    private static MonitorOptions Options(IServiceProvider provider) => provider.GetRequiredService<IOptions<MonitorOptions>>().Value;
}
