using System.Text;

namespace BlazorAdmin.Features.Monitor;

/// <summary>Bytes received and sent per second by each network interface but the loopback and the inner ends of virtual links.</summary>
internal sealed class NetworkReader(string root) : HostReader(MetricFamily.Network)
{
    private static readonly string[] Hidden = ["veth", "ifb", "dummy"];

    private readonly ProcFile _file = new(Path.Combine(root, "proc/net/dev"));
    private DeviceTable _devices = new();
    private int _receivedTotal, _sentTotal;

    protected override bool Find(MetricLayout layout, ProcBuffer buffer)
    {
        if (!_file.Exists) return false;
        var names = new List<byte[]>();
        var rest = _file.Read(buffer);
        while (ProcText.TryLine(ref rest, out var line))
            if (TryName(ref line, out var name)) names.Add(name.ToArray());

        var measured = names.Select(name => Encoding.UTF8.GetString(name)).Where(IsMeasured).ToList();
        var hardware = measured.Where(IsHardware).ToHashSet();
        if (measured.Count > 0)
        {
            _receivedTotal = layout.Add(Family, "net.total.rx", MetricKind.BytesPerSecond);
            _sentTotal = layout.Add(Family, "net.total.tx", MetricKind.BytesPerSecond);
        }
        var devices = new DeviceTable();
        foreach (var name in names)
        {
            var text = Encoding.UTF8.GetString(name);
            var shown = IsMeasured(text);
            devices.Add(name, shown, shown && (hardware.Count == 0 || hardware.Contains(text)),
                shown ? layout.Add(Family, $"net.{text}.rx", MetricKind.BytesPerSecond, text) : -1,
                shown ? layout.Add(Family, $"net.{text}.tx", MetricKind.BytesPerSecond, text) : -1);
        }
        devices.Adopt(_devices);
        _devices = devices;
        return measured.Count > 0;
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
            if (device is { Measured: true }
                && ProcText.TryNumber(ref line, out var received)
                && ProcText.Skip(ref line, 7) && ProcText.TryNumber(ref line, out var sent))
                device.Update(row, elapsed, received, sent, 1);
        }
        DevicesChanged |= _devices.End(row, _receivedTotal, _sentTotal);
    }

    private static bool IsMeasured(string name) =>
        name != "lo" && !Array.Exists(Hidden, prefix => name.StartsWith(prefix, StringComparison.Ordinal));

    private bool IsHardware(string name) => Path.Exists(Path.Combine(root, "sys/class/net", name, "device"));

    /// <summary>The name ends at the colon, which older kernels do not part from the first number by a space.</summary>
    private static bool TryName(ref ReadOnlySpan<byte> line, out ReadOnlySpan<byte> name)
    {
        var colon = line.IndexOf((byte)':');
        name = colon < 0 ? default : line[..colon].TrimStart((byte)' ');
        if (colon >= 0) line = line[(colon + 1)..];
        return !name.IsEmpty;
    }

    public override void Dispose() => _file.Dispose();
}
