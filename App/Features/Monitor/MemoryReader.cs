namespace BlazorAdmin.Features.Monitor;

/// <summary>Memory and swap of the machine. Used is total without available; cache is what the kernel gives back when asked, buffers included.</summary>
internal sealed class MemoryReader(string root) : HostReader(MetricFamily.Memory)
{
    private readonly ProcFile _file = new(Path.Combine(root, "proc/meminfo"));
    private int _total, _available, _used, _cache, _buffers;
    private int _swapTotal = -1, _swapUsed = -1;

    protected override bool Find(MetricLayout layout, ProcBuffer buffer)
    {
        if (!_file.Exists || !TryParse(_file.Read(buffer), out var memory)) return false;
        _total = layout.Add(Family, "memory.total", MetricKind.Bytes);
        _used = layout.Add(Family, "memory.used", MetricKind.Bytes);
        _available = layout.Add(Family, "memory.available", MetricKind.Bytes);
        _cache = layout.Add(Family, "memory.cache", MetricKind.Bytes);
        _buffers = layout.Add(Family, "memory.buffers", MetricKind.Bytes);
        var swap = memory.SwapTotal > 0;
        _swapTotal = swap ? layout.Add(Family, "swap.total", MetricKind.Bytes) : -1;
        _swapUsed = swap ? layout.Add(Family, "swap.used", MetricKind.Bytes) : -1;
        return true;
    }

    public override void Sample(Span<float> row, double now, ProcBuffer buffer)
    {
        if (!TryParse(_file.Read(buffer), out var memory)) return;
        Set(row, _total, memory.Total);
        Set(row, _available, memory.Available);
        Set(row, _used, (double)memory.Total - memory.Available);
        Set(row, _cache, memory.Cache);
        Set(row, _buffers, memory.Buffers);
        Set(row, _swapTotal, memory.SwapTotal);
        Set(row, _swapUsed, (double)memory.SwapTotal - memory.SwapFree);
        DevicesChanged = memory.SwapTotal > 0 != _swapTotal >= 0;
    }

    private static bool TryParse(ReadOnlySpan<byte> text, out Values values)
    {
        values = default;
        var found = 0;
        while (found < 7 && ProcText.TryLine(ref text, out var line))
        {
            if (!ProcText.TryField(ref line, out var name) || !ProcText.TryNumber(ref line, out var kibibytes)) continue;
            var bytes = kibibytes * 1024;
            if (name.SequenceEqual("MemTotal:"u8)) values.Total = bytes;
            else if (name.SequenceEqual("MemAvailable:"u8)) values.Available = bytes;
            else if (name.SequenceEqual("Buffers:"u8)) values.Cache += values.Buffers = bytes;
            else if (name.SequenceEqual("Cached:"u8) || name.SequenceEqual("SReclaimable:"u8)) values.Cache += bytes;
            else if (name.SequenceEqual("SwapTotal:"u8)) values.SwapTotal = bytes;
            else if (name.SequenceEqual("SwapFree:"u8)) values.SwapFree = bytes;
            else continue;
            found++;
        }
        return values.Total > 0;
    }

    public override void Dispose() => _file.Dispose();

    private struct Values
    {
        public ulong Total, Available, Cache, Buffers, SwapTotal, SwapFree;
    }
}
