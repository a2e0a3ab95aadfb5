using System.Collections.Frozen;
using System.Collections.Immutable;

namespace BlazorAdmin.Features.Monitor;

/// <summary>
/// Which column of a sample holds which metric. Immutable; a device that comes or goes makes a new version.
/// Columns are never given to another key, so samples of older versions stay readable with a newer catalog.
/// </summary>
public sealed class MetricCatalog
{
    /// <summary>Upper bound of columns: devices beyond it are not measured.</summary>
    public const int MaxColumns = 512;

    private readonly FrozenDictionary<string, Metric> _byKey;

    internal MetricCatalog(int version, int width, IEnumerable<Metric> metrics)
    {
        Version = version;
        Width = width;
        Metrics = [.. metrics.OrderBy(metric => metric.Index)];
        _byKey = Metrics.ToFrozenDictionary(metric => metric.Key);
    }

    public static MetricCatalog Empty { get; } = new(0, 0, []);

    public int Version { get; }

    /// <summary>Columns per sample, those of vanished devices included.</summary>
    public int Width { get; }

    /// <summary>The metrics that the machine has now, by column.</summary>
    public ImmutableArray<Metric> Metrics { get; }

    public Metric? Find(string key) => _byKey.GetValueOrDefault(key);

    public IEnumerable<Metric> OfFamily(MetricFamily family) => Metrics.Where(metric => metric.Family == family);
}
