namespace BlazorAdmin.Features.Monitor;

/// <summary>
/// Reads the numbers of the machine from the kernel's text files. Not thread-safe: one loop owns it.
/// A steady sample allocates nothing; only a change of devices, and every 30 s the search for families that were absent, do.
/// </summary>
/// <param name="root">The folder that holds <c>proc</c> and <c>sys</c>; the seam for tests and for a host mounted into a container.</param>
public sealed class HostCollector(string root, ILogger<HostCollector> logger) : IDisposable
{
    private const double SearchSeconds = 30;

    private readonly HostReader[] _readers =
    [
        new CpuReader(root), new LoadReader(root), new MemoryReader(root),
        new ContainerMemoryReader(root), new DiskReader(root), new NetworkReader(root),
    ];
    private readonly MetricLayout _layout = new();
    private readonly ProcBuffer _buffer = new();
    private double _searched = double.NegativeInfinity;
    private bool _full;

    public MetricCatalog Catalog => _layout.Catalog;

    /// <summary>Reads every family. A family that fails leaves NaN, is reported once and is tried again with the next sample.</summary>
    /// <param name="row">Receives one number per column; needs <see cref="MetricCatalog.MaxColumns"/> places.</param>
    /// <param name="now">Monotonic time in seconds; rates are per true elapsed time.</param>
    public void Sample(Span<float> row, double now)
    {
        row.Fill(float.NaN);
        var search = now - _searched >= SearchSeconds;
        if (search) _searched = now;
        var changed = false;
        foreach (var reader in _readers)
        {
            try
            {
                if (search && !reader.Present)
                {
                    reader.Discover(_layout, _buffer);
                    changed |= reader.Present;
                }
                if (!reader.Present) continue;
                reader.Sample(row, now, _buffer);
                if (reader.DevicesChanged)
                {
                    reader.Discover(_layout, _buffer);
                    changed = true;
                }
                if (!reader.Failing) continue;
                reader.Failing = false;
                logger.FamilyRecovered(reader.Family);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                if (!reader.Failing) logger.FamilyFailed(error, reader.Family);
                reader.Failing = true;
            }
        }
        if (changed) Publish();
    }

    private void Publish()
    {
        var before = _layout.Catalog;
        var catalog = _layout.Commit();
        if (catalog != before) logger.DevicesChanged(catalog.Version, catalog.Metrics.Length);
        if (_layout.Full && !_full)
        {
            _full = true;
            logger.TooManyDevices(MetricCatalog.MaxColumns);
        }
    }

    public void Dispose()
    {
        foreach (var reader in _readers) reader.Dispose();
    }
}
