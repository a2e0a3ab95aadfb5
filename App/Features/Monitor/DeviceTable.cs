namespace BlazorAdmin.Features.Monitor;

/// <summary>
/// Running counters per device (read and written, received and sent) and their rates. A device without an earlier
/// reading and a counter that went back give no rate, so neither a new device nor a reset counter shows as a spike.
/// </summary>
/// <param name="totals">How many of the first counters are summed over the devices.</param>
internal sealed class DeviceTable(int totals)
{
    private readonly List<Device> _devices = [];
    private int _next;
    private double _last = double.NaN;

    /// <param name="columns">One per counter; empty for a device that is known but not shown.</param>
    /// <param name="counts">Part of the machine's total; a bridge over a card that is measured itself is not.</param>
    public void Add(byte[] name, bool counts, params int[] columns) =>
        _devices.Add(new Device(columns) { Name = name, Counts = counts });

    /// <summary>Takes over the counters of devices that were there before a new discovery.</summary>
    public void Adopt(DeviceTable earlier)
    {
        _last = earlier._last;
        foreach (var device in _devices)
            if (earlier._devices.Find(other => other.Name.AsSpan().SequenceEqual(device.Name)) is { } known) device.Adopt(known);
    }

    /// <summary>Begins a reading.</summary>
    /// <returns>Seconds since the one before; NaN at the first.</returns>
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
    /// <param name="columns">Where the totals go.</param>
    /// <returns>True when a known device was not seen.</returns>
    public bool End(Span<float> row, ReadOnlySpan<int> columns)
    {
        Span<double> sums = stackalloc double[totals];
        sums.Clear();
        bool any = false, missing = false;
        foreach (var device in _devices)
        {
            if (!device.Seen)
            {
                device.Read = false;
                missing = true;
            }
            else if (device.Counts && device.AddTo(row, sums)) any = true;
        }
        if (any)
            for (var i = 0; i < totals; i++)
                if ((uint)columns[i] < (uint)row.Length) row[columns[i]] = (float)sums[i];
        return missing;
    }

    internal sealed class Device(int[] columns)
    {
        private readonly ulong[] _counts = new ulong[columns.Length];

        public required byte[] Name { get; init; }

        public bool Counts { get; init; }

        public bool Measured => columns.Length > 0;

        public bool Read, Seen;

        /// <param name="counts">One per column.</param>
        /// <param name="scales">Units per count.</param>
        public void Update(Span<float> row, double elapsed, ReadOnlySpan<ulong> counts, ReadOnlySpan<double> scales)
        {
            var forward = Read && elapsed > 0;
            for (var i = 0; forward && i < _counts.Length; i++) forward = counts[i] >= _counts[i];
            for (var i = 0; i < _counts.Length; i++)
            {
                if (forward && (uint)columns[i] < (uint)row.Length) row[columns[i]] = (float)((counts[i] - _counts[i]) * scales[i] / elapsed);
                _counts[i] = counts[i];
            }
            Read = true;
        }

        public void Adopt(Device earlier)
        {
            if (earlier._counts.Length != _counts.Length) return;
            earlier._counts.CopyTo(_counts, 0);
            Read = earlier.Read;
        }

        public bool AddTo(ReadOnlySpan<float> row, Span<double> sums)
        {
            for (var i = 0; i < sums.Length; i++)
                if (i >= columns.Length || (uint)columns[i] >= (uint)row.Length || float.IsNaN(row[columns[i]])) return false;
            for (var i = 0; i < sums.Length; i++) sums[i] += row[columns[i]];
            return true;
        }

        /// <summary>Keeps a share from exceeding the whole by what the clocks differ.</summary>
        public void Cap(Span<float> row, int counter, float most)
        {
            if ((uint)columns[counter] < (uint)row.Length && row[columns[counter]] > most) row[columns[counter]] = most;
        }
    }
}
