namespace BlazorAdmin.Features.Monitor;

/// <summary>Bytes per second between memory and swap. Only a machine with swap has it: the file that tells is expensive.</summary>
internal sealed class SwapReader(string root) : HostReader(MetricFamily.Swap, ReaderPace.Second)
{
    private readonly ProcFile _swaps = new(Path.Combine(root, "proc/swaps"));
    private readonly ProcFile _counts = new(Path.Combine(root, "proc/vmstat"));
    private RateCounter _inRate, _outRate;
    private int _in, _out;

    protected override bool Find(MetricLayout layout, ProcBuffer buffer)
    {
        if (!_swaps.Exists || !_counts.Exists || !HasSwap(_swaps.Read(buffer))) return false;
        _in = layout.Add(Family, "swap.in", MetricKind.BytesPerSecond);
        _out = layout.Add(Family, "swap.out", MetricKind.BytesPerSecond);
        _inRate.Reset();
        _outRate.Reset();
        return true;
    }

    public override void Sample(Span<float> row, double now, ProcBuffer buffer)
    {
        DevicesChanged = !HasSwap(_swaps.Read(buffer));
        var found = 0;
        var rest = _counts.Read(buffer);
        while (found < 2 && ProcText.TryLine(ref rest, out var line))
        {
            if (!line.StartsWith("pswp"u8) || !ProcText.TryField(ref line, out var name) || !ProcText.TryNumber(ref line, out var pages)) continue;
            if (name.SequenceEqual("pswpin"u8)) Set(row, _in, _inRate.Next(pages, now) * Environment.SystemPageSize);
            else if (name.SequenceEqual("pswpout"u8)) Set(row, _out, _outRate.Next(pages, now) * Environment.SystemPageSize);
            else continue;
            found++;
        }
    }

    /// <summary>A heading, then a line per area.</summary>
    private static bool HasSwap(ReadOnlySpan<byte> text) =>
        ProcText.TryLine(ref text, out _) && ProcText.TryLine(ref text, out var area) && !area.IsEmpty;

    public override void Dispose()
    {
        _swaps.Dispose();
        _counts.Dispose();
    }
}
