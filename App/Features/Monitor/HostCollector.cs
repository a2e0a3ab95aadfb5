using System.Diagnostics;

namespace BlazorAdmin.Features.Monitor;

/// <summary>
/// Reads the numbers of the machine from the kernel's text files, and those that the portal measures about itself. Not
/// thread-safe: one loop owns it. A steady sample allocates nothing; only a change of devices or settings, and every 30 s the
/// search for families that were absent, do.
/// </summary>
public sealed class HostCollector : IDisposable
{
    private const double SearchSeconds = 30;

    private readonly ILogger<HostCollector> _logger;
    private readonly Func<MonitorOptions> _options;
    private readonly HostReader[] _readers;
    private readonly MetricLayout _layout = new();
    private readonly ProcBuffer _buffer = new();
    // Values of the readers that rest between samples.
    private readonly float[] _kept = new float[MetricCatalog.MaxColumns];
    private readonly bool[] _off;
    private MonitorOptions? _seen;
    private double _slowSeconds;
    private double _searched = double.NegativeInfinity;
    private double _duration = double.NaN;
    private bool _full;

    /// <param name="root">The folder that holds <c>proc</c> and <c>sys</c>; the seam for tests and for a host mounted into a container.</param>
    public HostCollector(string root, ILogger<HostCollector> logger) : this(root, logger, static () => Default) { }

    /// <param name="options">Asked at every sample; another object means that settings have changed.</param>
    /// <param name="further">Readers of numbers that are not in files.</param>
    internal HostCollector(string root, ILogger<HostCollector> logger, Func<MonitorOptions> options, params ReadOnlySpan<HostReader> further)
    {
        _logger = logger;
        _options = options;
        _readers =
        [
            new CpuReader(root), new LoadReader(root), new MemoryReader(root), new ContainerMemoryReader(root), new ContainerCpuReader(root),
            new DiskReader(root), new NetworkReader(root), new PressureReader(root), new SystemReader(root), new SwapReader(root),
            new DiskSpaceReader(root), new TemperatureReader(root), new CpuFrequencyReader(root), .. further, new CollectorReader(() => _duration),
        ];
        _off = new bool[_readers.Length];
        Array.Fill(_kept, float.NaN);
    }

    private static MonitorOptions Default { get; } = new();

    public MetricCatalog Catalog => _layout.Catalog;

    /// <summary>Reads every family that is due. A family that fails leaves NaN, is reported once and is tried again.</summary>
    /// <param name="row">Receives one number per column; needs <see cref="MetricCatalog.MaxColumns"/> places.</param>
    /// <param name="now">Monotonic time in seconds; rates are per true elapsed time.</param>
    public void Sample(Span<float> row, double now)
    {
        var started = Stopwatch.GetTimestamp();
        row.Fill(float.NaN);
        var changed = Follow();
        var search = now - _searched >= SearchSeconds;
        if (search) _searched = now;
        for (var i = 0; i < _readers.Length; i++)
        {
            if (_off[i]) continue;
            var reader = _readers[i];
            try
            {
                changed |= Read(reader, i, row, now, search);
                if (!reader.Failing) continue;
                reader.Failing = false;
                _logger.FamilyRecovered(reader.Family);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                if (!reader.Failing) _logger.FamilyFailed(error, reader.Family);
                reader.Failing = true;
            }
        }
        if (changed) Publish();
        _duration = Stopwatch.GetElapsedTime(started).TotalMicroseconds;
    }

    /// <returns>True when the family's metrics may be others than before.</returns>
    private bool Read(HostReader reader, int position, Span<float> row, double now, bool search)
    {
        var found = false;
        if (search && !reader.Present)
        {
            reader.Discover(_layout, _buffer);
            found = reader.Present;
        }
        if (!reader.Present) return found;
        if (reader.Pace == ReaderPace.EverySample)
        {
            reader.Sample(row, now, _buffer);
        }
        else
        {
            if (now >= reader.Due) Renew(reader, position, now);
            foreach (var column in reader.Columns)
                if ((uint)column < (uint)row.Length) row[column] = _kept[column];
        }
        if (!reader.DevicesChanged) return found;
        reader.Discover(_layout, _buffer);
        return true;
    }

    private void Renew(HostReader reader, int position, double now)
    {
        var pace = reader.Pace == ReaderPace.Second ? 1 : _slowSeconds;
        // The first time each at a moment of its own, so that no sample reads all of them. Slightly early, for timers that are.
        reader.Due = now - 0.02 + (double.IsNegativeInfinity(reader.Due) ? pace * (position + 1) / _readers.Length : pace);
        foreach (var column in reader.Columns)
            if ((uint)column < (uint)_kept.Length) _kept[column] = float.NaN;
        reader.Sample(_kept, now, _buffer);
    }

    /// <summary>Follows the settings.</summary>
    /// <returns>True when a family was switched on or off.</returns>
    private bool Follow()
    {
        var options = _options();
        if (ReferenceEquals(options, _seen)) return false;
        _seen = options;
        if (_slowSeconds != options.SlowSeconds)
        {
            _slowSeconds = options.SlowSeconds;
            foreach (var reader in _readers) reader.Due = double.NegativeInfinity;
        }
        var changed = false;
        for (var i = 0; i < _readers.Length; i++)
        {
            var off = !options.Collects(_readers[i].Family);
            if (off == _off[i]) continue;
            _off[i] = off;
            changed = true;
            if (off)
            {
                _readers[i].Leave(_layout);
                _readers[i].Dispose();
            }
            else
            {
                // Found again with this sample.
                _searched = double.NegativeInfinity;
            }
        }
        return changed;
    }

    private void Publish()
    {
        var before = _layout.Catalog;
        var catalog = _layout.Commit();
        if (catalog != before) _logger.DevicesChanged(catalog.Version, catalog.Metrics.Length);
        if (_layout.Full && !_full)
        {
            _full = true;
            _logger.TooManyDevices(MetricCatalog.MaxColumns);
        }
    }

    public void Dispose()
    {
        foreach (var reader in _readers) reader.Dispose();
    }
}
