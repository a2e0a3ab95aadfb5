using Microsoft.Extensions.Logging.Abstractions;
using BlazorAdmin.Features.Monitor;

namespace BlazorAdmin.Tests.Features.Monitor;

/// <summary>A folder that plays the machine: files as the kernel writes them.</summary>
internal sealed class HostFolder : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("host-").FullName;
    private readonly float[] _row = new float[MetricCatalog.MaxColumns];
    private HostCollector? _collector;

    public string Root => _root;

    public MonitorOptions Options { get; set; } = new();

    public HostCollector Collector => _collector ??= new HostCollector(_root, NullLogger<HostCollector>.Instance, () => Options);

    public MetricCatalog Catalog => Collector.Catalog;

    /// <summary>What the machine gives: the collector's own metrics are always there.</summary>
    public IEnumerable<Metric> Measured => Catalog.Metrics.Where(metric => metric.Family != MetricFamily.Collector);

    public float this[string key] => Catalog.Find(key) is { } metric ? _row[metric.Index] : throw new KeyNotFoundException(key);

    public HostFolder Write(string path, string text)
    {
        var full = Path.Combine(_root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
        return this;
    }

    public HostFolder Delete(string path)
    {
        File.Delete(Path.Combine(_root, path));
        return this;
    }

    public HostFolder DeleteFolder(string path)
    {
        Directory.Delete(Path.Combine(_root, path), recursive: true);
        return this;
    }

    public HostFolder Disk(string name)
    {
        Directory.CreateDirectory(Path.Combine(_root, "sys/block", name, "device"));
        return this;
    }

    public HostFolder Card(string name)
    {
        Directory.CreateDirectory(Path.Combine(_root, "sys/class/net", name, "device"));
        return this;
    }

    public HostFolder Sample(double now)
    {
        Collector.Sample(_row, now);
        return this;
    }

    public void Dispose()
    {
        _collector?.Dispose();
        Directory.Delete(_root, recursive: true);
    }
}
