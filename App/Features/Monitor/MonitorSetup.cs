using BlazorAdmin.Features.Monitor.Application;
using BlazorAdmin.Features.Monitor.Past;
using BlazorAdmin.Features.Monitor.Processes;
using BlazorAdmin.Features.Monitor.Store;
using BlazorAdmin.Security;
using BlazorAdmin.Shell;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Features.Monitor;

public static class MonitorSetup
{
    private const string Minutes = "minutes";

    public static Portal AddMonitor(this Portal portal)
    {
        portal.Permission(MonitorPermissions.Read, Roles.Operator, Roles.Auditor)
            .Permission(new Permission(MonitorPermissions.Commands, [Roles.Operator]) { Reads = true })
            .Settings<MonitorOptions>(MonitorOptions.Section)
            .Health<CollectorHealth>("collector")
            .Navigation(new NavigationEntry("/admin/monitor", typeof(MonitorTexts), "Monitor", NavigationGroup.Operations, "monitor", MonitorPermissions.Read, 30))
            .Action(new PaletteAction(typeof(MonitorTexts), "OpenProcesses", "server", MonitorPermissions.Read, "/admin/monitor/processes"))
            .Action(new PaletteAction(typeof(MonitorTexts), "OpenSlowCommands", "database", MonitorPermissions.Read, "/admin/monitor/application"))
            .Widget(Widget("monitor.cpu", "Cpu", "AboutCpu", typeof(CpuWidget), 3, 10))
            .Widget(Widget("monitor.memory", "Memory", "AboutMemory", typeof(MemoryWidget), 3, 11))
            .Widget(Widget("monitor.disk", "Disk", "AboutDisk", typeof(DiskWidget), 3, 12))
            .Widget(Widget("monitor.network", "Network", "AboutNetwork", typeof(NetworkWidget), 3, 13))
            .Widget(Widget("monitor.cores", "CpuByCore", "AboutCores", typeof(CpuCoresWidget), 8, 20) with { Height = 6, LeastWidth = 3, LeastHeight = 5 });

        portal.Services.AddSingleton(provider => new SampleRing(Options(provider).KeptSamples));
        portal.Services.AddSingleton(Collector);
        portal.Services.AddSingleton(provider => new CollectorStatement(Options(provider).HostRoot));
        portal.Services.AddSingleton<ApplicationMetrics>();
        portal.Services.AddHostedService(provider => provider.GetRequiredService<ApplicationMetrics>());
        portal.Services.AddSingleton<SlowCommands>();
        portal.Services.AddSingleton<IInterceptor, CommandInterceptor>();
        portal.Services.AddScoped<ApplicationService>();
        portal.Services.AddSingleton<ProcessWatch>();
        portal.Services.AddScoped<ProcessesService>();
        portal.Services.AddSingleton<TickBroadcaster>();
        // Before the collector, so that it stops after it and writes the last samples.
        portal.AddMetricStore();
        portal.Services.AddSingleton<CollectorService>();
        portal.Services.AddHostedService(provider => provider.GetRequiredService<CollectorService>());
        portal.Services.AddScoped<LiveChartStream>();
        portal.Services.AddScoped<MetricValues>();
        portal.Services.AddScoped<PastReader>();
        portal.Services.AddScoped<CircuitHandler, LiveStreamCircuitHandler>();
        return portal;
    }

    public static void MapMonitor(this WebApplication app) => MetricExport.Map(app);

    private static HostCollector Collector(IServiceProvider provider)
    {
        var options = provider.GetRequiredService<IOptionsMonitor<MonitorOptions>>();
        return new HostCollector(Options(provider).HostRoot, provider.GetRequiredService<ILogger<HostCollector>>(), () => options.CurrentValue,
            new ApplicationReader(provider.GetRequiredService<ApplicationMetrics>()));
    }

    /// <summary>Seconds that a dashboard card shows.</summary>
    internal static int SecondsOf(WidgetSettings? settings) => 60 * (settings?.Number(Minutes) ?? 1);

    private static DashboardWidget Widget(string id, string titleKey, string aboutKey, Type component, int width, int order) =>
        new(id, typeof(MonitorTexts), titleKey, component, MonitorPermissions.Read, width, order)
        {
            DescriptionKey = aboutKey, Height = 3, LeastHeight = 3,
            Settings = [WidgetSetting.Choice(Minutes, "TimeShown", new("1", "MinutesShown", 1), new("5", "MinutesShown", 5), new("10", "MinutesShown", 10))],
        };

    private static MonitorOptions Options(IServiceProvider provider) => provider.GetRequiredService<IOptionsMonitor<MonitorOptions>>().CurrentValue;
}
