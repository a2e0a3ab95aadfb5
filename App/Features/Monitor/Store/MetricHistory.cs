using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Monitor.Store;

/// <summary>Reads stored metrics of any range. A node of null is this one.</summary>
public sealed class MetricHistory(Guard guard)
{
    /// <summary>Nodes of which something is kept, by name.</summary>
    public async Task<IReadOnlyList<string>> NodesAsync(CancellationToken cancellation = default)
    {
        await guard.Require(MonitorPermissions.Read, cancellation);
        throw new NotImplementedException();
    }

    /// <summary>The series of a node, by key.</summary>
    public async Task<IReadOnlyList<MetricSeries>> SeriesAsync(string? node, CancellationToken cancellation = default)
    {
        await guard.Require(MonitorPermissions.Read, cancellation);
        throw new NotImplementedException();
    }

    /// <param name="maxPoints">Points per line at most.</param>
    public async Task<MetricHistoryPage> ReadAsync(MetricRange range, IReadOnlyList<string> keys, string? node, int maxPoints, CancellationToken cancellation = default)
    {
        await guard.Require(MonitorPermissions.Read, cancellation);
        throw new NotImplementedException();
    }

    /// <summary>Figures per known key, in the order asked for.</summary>
    public async Task<IReadOnlyList<MetricStatistics>> StatisticsAsync(MetricRange range, IReadOnlyList<string> keys, string? node, CancellationToken cancellation = default)
    {
        await guard.Require(MonitorPermissions.Read, cancellation);
        throw new NotImplementedException();
    }

    /// <summary>What happened in the range on any node, newest first, 200 at most.</summary>
    public async Task<IReadOnlyList<MetricMark>> MarksAsync(MetricRange range, CancellationToken cancellation = default)
    {
        await guard.Require(MonitorPermissions.Read, cancellation);
        throw new NotImplementedException();
    }
}
