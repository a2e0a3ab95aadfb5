using System.Text;

namespace BlazorAdmin.Features.Monitor;

/// <summary>Bytes read and written per second by each whole disk. Partitions, loop devices and stacked devices would count the same bytes again.</summary>
internal sealed class DiskReader(string root) : HostReader(MetricFamily.Disk)
{
    private const double SectorBytes = 512;

    private readonly ProcFile _file = new(Path.Combine(root, "proc/diskstats"));
    private DeviceTable _devices = new();
    private int _readTotal, _writeTotal;

    protected override bool Find(MetricLayout layout, ProcBuffer buffer)
    {
        if (!_file.Exists) return false;
        var names = new List<byte[]>();
        var rest = _file.Read(buffer);
        while (ProcText.TryLine(ref rest, out var line))
            if (TryName(ref line, out var name)) names.Add(name.ToArray());

        var devices = new DeviceTable();
        var any = false;
        foreach (var name in names)
        {
            var text = Encoding.UTF8.GetString(name);
            var measured = IsDisk(text);
            if (measured && !any)
            {
                _readTotal = layout.Add(Family, "disk.total.read", MetricKind.BytesPerSecond);
                _writeTotal = layout.Add(Family, "disk.total.write", MetricKind.BytesPerSecond);
                any = true;
            }
            devices.Add(name, measured, measured,
                measured ? layout.Add(Family, $"disk.{text}.read", MetricKind.BytesPerSecond, text) : -1,
                measured ? layout.Add(Family, $"disk.{text}.write", MetricKind.BytesPerSecond, text) : -1);
        }
        devices.Adopt(_devices);
        _devices = devices;
        return any;
    }

    public override void Sample(Span<float> row, double now, ProcBuffer buffer)
    {
        var elapsed = _devices.Begin(now);
        var rest = _file.Read(buffer);
        while (ProcText.TryLine(ref rest, out var line))
        {
            if (!TryName(ref line, out var name)) continue;
            var device = _devices.Match(name);
            DevicesChanged |= device is null;
            // reads merged SECTORS ms writes merged SECTORS
            if (device is { Measured: true }
                && ProcText.Skip(ref line, 2) && ProcText.TryNumber(ref line, out var read)
                && ProcText.Skip(ref line, 3) && ProcText.TryNumber(ref line, out var written))
                device.Update(row, elapsed, read, written, SectorBytes);
        }
        DevicesChanged |= _devices.End(row, _readTotal, _writeTotal);
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
