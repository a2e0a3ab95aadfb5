namespace BlazorAdmin.Features.Monitor;

/// <summary>Gives columns to metrics and makes a new <see cref="MetricCatalog"/> when the set has changed.</summary>
internal sealed class MetricLayout
{
    private readonly Dictionary<string, int> _columns = [];
    private readonly Dictionary<MetricFamily, List<Metric>> _present = [];

    public MetricCatalog Catalog { get; private set; } = MetricCatalog.Empty;

    /// <summary>True when a device found no free column.</summary>
    public bool Full { get; private set; }

    /// <summary>Forgets which metrics the family has; their columns stay reserved.</summary>
    public void Begin(MetricFamily family) => _present[family] = [];

    /// <returns>The column, or -1 when all are taken.</returns>
    public int Add(MetricFamily family, string key, MetricKind kind, string? device = null)
    {
        if (!_columns.TryGetValue(key, out var column))
        {
            if (_columns.Count == MetricCatalog.MaxColumns)
            {
                Full = true;
                return -1;
            }
            column = _columns.Count;
            _columns.Add(key, column);
        }
        _present[family].Add(new Metric(column, key, family, device, kind));
        return column;
    }

    public int[] ColumnsOf(MetricFamily family) => [.. _present[family].Select(metric => metric.Index)];

    public MetricCatalog Commit()
    {
        var metrics = _present.Values.SelectMany(family => family).OrderBy(metric => metric.Index).ToArray();
        if (!metrics.SequenceEqual(Catalog.Metrics))
            Catalog = new MetricCatalog(Catalog.Version + 1, _columns.Count, metrics);
        return Catalog;
    }
}
