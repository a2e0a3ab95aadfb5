namespace BlazorAdmin.Features.Monitor;

/// <summary>
/// Two running counters per device (read and written, received and sent) and their rates. A device without an earlier
/// reading and a counter that went back give no rate, so neither a new device nor a reset counter shows as a spike.
/// </summary>
internal sealed class DeviceTable
{
    private readonly List<Device> _devices = [];
    private int _next;
    private double _last = double.NaN;

    public void Clear() => _devices.Clear();

    /// <param name="measured">False for a device that is known but not shown.</param>
    public void Add(byte[] name, bool measured, bool counts, int first, int second) =>
        _devices.Add(new Device { Name = name, Measured = measured, Counts = counts, First = first, Second = second });

    /// <summary>Takes over the counters of devices that were there before a new discovery.</summary>
    public void Adopt(DeviceTable earlier)
    {
        _last = earlier._last;
        foreach (var device in _devices)
        {
            if (earlier._devices.Find(other => other.Name.AsSpan().SequenceEqual(device.Name)) is not { } known) continue;
            device.FirstCount = known.FirstCount;
            device.SecondCount = known.SecondCount;
            device.Read = known.Read;
        }
    }

    public double Begin(double now)
    {
        var elapsed = now - _last;
        _last = now;
        _next = 0;
        foreach (var device in _devices) device.Seen = false;
        return elapsed;
    }

    /// <summary>The device of that name; the kernel keeps the order, so the first guess nearly always fits.</summary>
    public Device? Match(ReadOnlySpan<byte> name)
    {
        for (var i = 0; i < _devices.Count; i++)
        {
            var device = _devices[(_next + i) % _devices.Count];
            if (!name.SequenceEqual(device.Name)) continue;
            _next = (_next + i + 1) % _devices.Count;
            device.Seen = true;
            return device;
        }
        return null;
    }

    /// <summary>Ends a reading: sums the rates of the devices that count.</summary>
    /// <returns>True when a known device was not seen.</returns>
    public bool End(Span<float> row, int firstTotal, int secondTotal)
    {
        double first = 0, second = 0;
        bool any = false, missing = false;
        foreach (var device in _devices)
        {
            if (!device.Seen)
            {
                device.Read = false;
                missing = true;
                continue;
            }
            if (!device.Counts || (uint)device.First >= (uint)row.Length || (uint)device.Second >= (uint)row.Length || float.IsNaN(row[device.First])) continue;
            first += row[device.First];
            second += row[device.Second];
            any = true;
        }
        if (any && (uint)firstTotal < (uint)row.Length && (uint)secondTotal < (uint)row.Length)
        {
            row[firstTotal] = (float)first;
            row[secondTotal] = (float)second;
        }
        return missing;
    }

    internal sealed class Device
    {
        public required byte[] Name { get; init; }

        public bool Measured { get; init; }

        /// <summary>Part of the machine's total; a bridge over a card that is measured itself is not.</summary>
        public bool Counts { get; init; }

        public int First { get; init; }

        public int Second { get; init; }

        public ulong FirstCount, SecondCount;
        public bool Read, Seen;

        public void Update(Span<float> row, double elapsed, ulong first, ulong second, double scale)
        {
            if (Read && elapsed > 0 && first >= FirstCount && second >= SecondCount
                && (uint)First < (uint)row.Length && (uint)Second < (uint)row.Length)
            {
                row[First] = (float)((first - FirstCount) * scale / elapsed);
                row[Second] = (float)((second - SecondCount) * scale / elapsed);
            }
            FirstCount = first;
            SecondCount = second;
            Read = true;
        }
    }
}
