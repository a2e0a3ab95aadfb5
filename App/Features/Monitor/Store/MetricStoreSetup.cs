using BlazorAdmin.Data;
using BlazorAdmin.Shell;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Features.Monitor.Store;

internal static class MetricStoreSetup
{
    public static Portal AddMetricStore(this Portal portal)
    {
        portal.Health<MetricStoreHealth>("metrics-store");
        AddStore(portal.Services);
        portal.Services.AddHostedService(provider => provider.GetRequiredService<MetricStoreWriter>());
        portal.Services.AddHostedService<MetricMarks>();
        return portal;
    }

    /// <summary>The store without its loops; tests move them by hand.</summary>
    internal static void AddStore(IServiceCollection services)
    {
        services.AddSingleton<MetricStoreState>();
        services.AddSingleton(provider => new MetricJournal(Folder(provider.GetRequiredService<DataDirectory>(), provider.GetRequiredService<NodeInfo>())));
        services.AddSingleton<MetricSealer>();
        services.AddSingleton<MetricCleanup>();
        services.AddSingleton<MetricStoreWriter>();
        services.AddSingleton<LiveSamples>();
        services.AddSingleton(provider => new MetricReader(
            provider.GetRequiredService<IDbContextFactory<AppDbContext>>(), provider.GetRequiredService<LiveSamples>(),
            provider.GetRequiredService<NodeInfo>(), provider.GetRequiredService<IOptionsMonitor<MonitorOptions>>(), provider.GetRequiredService<ILogger<MetricReader>>()));
        services.AddScoped<MetricHistory>();
    }

    /// <summary>Nodes may share a data directory; each has its own journals.</summary>
    internal static string Folder(DataDirectory data, NodeInfo node) =>
        Path.Combine(data.Path, "metrics", string.Concat(node.Name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' ? c : '_')));
}
