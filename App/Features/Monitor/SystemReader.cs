namespace BlazorAdmin.Features.Monitor;

/// <summary>Context switches and new processes per second, tasks that run or wait for disks, threads and open files of the whole machine.</summary>
internal sealed class SystemReader(string root) : HostReader(MetricFamily.System, ReaderPace.Second)
{
    private readonly ProcFile _stat = new(Path.Combine(root, "proc/stat"));
    private readonly ProcFile _load = new(Path.Combine(root, "proc/loadavg"));
    private readonly ProcFile _files = new(Path.Combine(root, "proc/sys/fs/file-nr"));
    private RateCounter _switchRate, _forkRate;
    private int _switches, _forks, _running, _blocked, _threads, _open, _mostOpen;

    protected override bool Find(MetricLayout layout, ProcBuffer buffer)
    {
        if (!_stat.Exists || !Has(_stat.Read(buffer), "ctxt"u8)) return false;
        _switches = layout.Add(Family, "system.switches", MetricKind.PerSecond);
        _forks = layout.Add(Family, "system.forks", MetricKind.PerSecond);
        _running = layout.Add(Family, "system.running", MetricKind.Count);
        _blocked = layout.Add(Family, "system.blocked", MetricKind.Count);
        _threads = _load.Exists ? layout.Add(Family, "system.threads", MetricKind.Count) : -1;
        _open = _files.Exists ? layout.Add(Family, "system.files", MetricKind.Count) : -1;
        _mostOpen = _files.Exists && TryFiles(_files.Read(buffer), out _, out var most) && IsLimit(most) ? layout.Add(Family, "system.files.max", MetricKind.Count) : -1;
        _switchRate.Reset();
        _forkRate.Reset();
        return true;
    }

    public override void Sample(Span<float> row, double now, ProcBuffer buffer)
    {
        var rest = _stat.Read(buffer);
        while (ProcText.TryLine(ref rest, out var line))
        {
            // The lines of cores and the long one of interrupts are the other readers' or nobody's.
            if (line.StartsWith("cpu"u8) || line.StartsWith("intr"u8) || line.StartsWith("softirq"u8)) continue;
            if (!ProcText.TryField(ref line, out var name) || !ProcText.TryNumber(ref line, out var number)) continue;
            if (name.SequenceEqual("ctxt"u8)) Set(row, _switches, _switchRate.Next(number, now));
            else if (name.SequenceEqual("processes"u8)) Set(row, _forks, _forkRate.Next(number, now));
            else if (name.SequenceEqual("procs_running"u8)) Set(row, _running, number);
            else if (name.SequenceEqual("procs_blocked"u8)) Set(row, _blocked, number);
        }
        if (_threads >= 0 && TryThreads(_load.Read(buffer), out var threads)) Set(row, _threads, threads);
        if (_open < 0 || !TryFiles(_files.Read(buffer), out var open, out var most)) return;
        Set(row, _open, open);
        Set(row, _mostOpen, most);
    }

    private static bool Has(ReadOnlySpan<byte> text, ReadOnlySpan<byte> name)
    {
        while (ProcText.TryLine(ref text, out var line))
            if (line.StartsWith(name)) return true;
        return false;
    }

    /// <summary>Fourth field of loadavg: runnable/existing.</summary>
    private static bool TryThreads(ReadOnlySpan<byte> text, out ulong threads)
    {
        threads = 0;
        if (!ProcText.Skip(ref text, 3) || !ProcText.TryField(ref text, out var field) || field.IndexOf((byte)'/') is not (>= 0 and var slash)) return false;
        field = field[(slash + 1)..];
        return ProcText.TryNumber(ref field, out threads);
    }

    /// <summary>Allocated, free among them, and the limit.</summary>
    private static bool TryFiles(ReadOnlySpan<byte> text, out ulong open, out ulong most)
    {
        (open, most) = (0, 0);
        return ProcText.TryLine(ref text, out var line) && ProcText.TryNumber(ref line, out open) && ProcText.Skip(ref line, 1) && ProcText.TryNumber(ref line, out most);
    }

    /// <summary>Newer kernels say "as many as a number can count".</summary>
    private static bool IsLimit(ulong most) => most < long.MaxValue;

    public override void Dispose()
    {
        _stat.Dispose();
        _load.Dispose();
        _files.Dispose();
    }
}
