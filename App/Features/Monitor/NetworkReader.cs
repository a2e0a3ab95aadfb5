using System.Text;

namespace BlazorAdmin.Features.Monitor;

/// <summary>
/// Bytes received and sent, errors and dropped packets per second of each network interface but the loopback and the inner
/// ends of virtual links.
/// </summary>
internal sealed class NetworkReader(string root) : HostReader(MetricFamily.Network)
{
    private static readonly string[] Hidden = ["veth", "ifb", "dummy"];
    private static readonly double[] Scales = [1, 1, 1, 1];

    private readonly ProcFile _file = new(Path.Combine(root, "proc/net/dev"));
    private readonly int[] _totals = new int[2];
    private DeviceTable _devices = new(2);

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
            _totals[0] = layout.Add(Family, "net.total.rx", MetricKind.BytesPerSecond);
            _totals[1] = layout.Add(Family, "net.total.tx", MetricKind.BytesPerSecond);
        }
        var devices = new DeviceTable(2);
        foreach (var name in names)
        {
            var text = Encoding.UTF8.GetString(name);
            if (!IsMeasured(text))
            {
                devices.Add(name, counts: false);
                continue;
            }
            devices.Add(name, hardware.Count == 0 || hardware.Contains(text),
                layout.Add(Family, $"net.{text}.rx", MetricKind.BytesPerSecond, text),
                layout.Add(Family, $"net.{text}.tx", MetricKind.BytesPerSecond, text),
                layout.Add(Family, $"net.{text}.errors", MetricKind.PerSecond, text),
                layout.Add(Family, $"net.{text}.drops", MetricKind.PerSecond, text));
        }
        devices.Adopt(_devices);
        _devices = devices;
        return measured.Count > 0;
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
            // BYTES packets ERRORS DROPS fifo frame compressed multicast, and the same for what was sent
            if (device is not { Measured: true }
                || !ProcText.TryNumber(ref line, out counts[0]) || !ProcText.Skip(ref line, 1)
                || !ProcText.TryNumber(ref line, out counts[2]) || !ProcText.TryNumber(ref line, out counts[3])
                || !ProcText.Skip(ref line, 4) || !ProcText.TryNumber(ref line, out counts[1]) || !ProcText.Skip(ref line, 1)
                || !ProcText.TryNumber(ref line, out var errors) || !ProcText.TryNumber(ref line, out var drops)) continue;
            counts[2] += errors;
            counts[3] += drops;
            device.Update(row, elapsed, counts, Scales);
        }
        DevicesChanged |= _devices.End(row, _totals);
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
