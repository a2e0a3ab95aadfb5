using System.Text;

namespace BlazorAdmin.Features.Monitor;

/// <summary>
/// Bytes read and written per second by each whole disk, and the share of time in which it had something to do. Partitions,
/// loop devices and stacked devices would count the same bytes again.
/// </summary>
internal sealed class DiskReader(string root) : HostReader(MetricFamily.Disk)
{
    private const double SectorBytes = 512;
    private const int Busy = 2;

    // Sectors, sectors, and milliseconds of a second as percent.
    private static readonly double[] Scales = [SectorBytes, SectorBytes, 0.1];

    private readonly ProcFile _file = new(Path.Combine(root, "proc/diskstats"));
    private readonly int[] _totals = new int[2];
    private DeviceTable _devices = new(2);

    protected override bool Find(MetricLayout layout, ProcBuffer buffer)
    {
        if (!_file.Exists) return false;
        var names = new List<byte[]>();
        var rest = _file.Read(buffer);
        while (ProcText.TryLine(ref rest, out var line))
            if (TryName(ref line, out var name)) names.Add(name.ToArray());

        var devices = new DeviceTable(2);
        var any = false;
        foreach (var name in names)
        {
            var text = Encoding.UTF8.GetString(name);
            if (!IsDisk(text))
            {
                devices.Add(name, counts: false);
                continue;
            }
            if (!any)
            {
                _totals[0] = layout.Add(Family, "disk.total.read", MetricKind.BytesPerSecond);
                _totals[1] = layout.Add(Family, "disk.total.write", MetricKind.BytesPerSecond);
                any = true;
            }
            devices.Add(name, counts: true,
                layout.Add(Family, $"disk.{text}.read", MetricKind.BytesPerSecond, text),
                layout.Add(Family, $"disk.{text}.write", MetricKind.BytesPerSecond, text),
                layout.Add(Family, $"disk.{text}.busy", MetricKind.Percent, text));
        }
        devices.Adopt(_devices);
        _devices = devices;
        return any;
    }

    public override void Sample(Span<float> row, double now, ProcBuffer buffer)
    {
        Span<ulong> counts = stackalloc ulong[Scales.Length];
        var elapsed = _devices.Begin(now);
        var rest = _file.Read(buffer);
        while (ProcText.TryLine(ref rest, out var line))
        {
            if (!TryName(ref line, out var name)) continue;
            var device = _devices.Match(name);
            DevicesChanged |= device is null;
            // reads merged SECTORS ms writes merged SECTORS ms in-flight BUSY-MS
            if (device is not { Measured: true }
                || !ProcText.Skip(ref line, 2) || !ProcText.TryNumber(ref line, out counts[0])
                || !ProcText.Skip(ref line, 3) || !ProcText.TryNumber(ref line, out counts[1])
                || !ProcText.Skip(ref line, 2) || !ProcText.TryNumber(ref line, out counts[Busy])) continue;
            device.Update(row, elapsed, counts, Scales);
            device.Cap(row, Busy, 100);
        }
        DevicesChanged |= _devices.End(row, _totals);
    }

    /// <summary>Hardware has a link to its device; loop, ram, device-mapper, RAID and compressed memory have none.</summary>
    private bool IsDisk(string name) =>
        !name.StartsWith("sr", StringComparison.Ordinal)
        && !name.StartsWith("fd", StringComparison.Ordinal)
        && Directory.Exists(Path.Combine(root, "sys/block", name.Replace('/', '!'), "device"));

    private static bool TryName(ref ReadOnlySpan<byte> line, out ReadOnlySpan<byte> name)
    {
        name = default;
        return ProcText.Skip(ref line, 2) && ProcText.TryField(ref line, out name);
    }

    public override void Dispose() => _file.Dispose();
}
