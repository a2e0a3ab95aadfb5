namespace BlazorAdmin.Features.Monitor;

/// <summary>
/// CPU time of the own control group from the kernel's exact counters (version 2: microseconds, version 1: nanoseconds), its
/// quota and the share of quota periods in which it was held back. Absent outside of a group: the root group is the machine.
/// </summary>
internal sealed class ContainerCpuReader(string root) : HostReader(MetricFamily.ContainerCpu)
{
    private readonly string _mount = Path.Combine(root, "sys/fs/cgroup");
    private ProcFile? _usage, _quota, _period, _throttling;
    private RateCounter _rate, _periods, _throttled;
    private bool _unified;
    private int _used, _limit, _heldBack;

    protected override bool Find(MetricLayout layout, ProcBuffer buffer)
    {
        Dispose();
        if (!FindUnified() && !FindLegacy()) return false;
        _used = layout.Add(Family, "container.cpu.used", MetricKind.Cores);
        var limited = TryLimit(buffer, out _);
        _limit = limited ? layout.Add(Family, "container.cpu.limit", MetricKind.Cores) : -1;
        _heldBack = limited && _throttling is not null ? layout.Add(Family, "container.cpu.throttled", MetricKind.Percent) : -1;
        _rate.Reset();
        _periods.Reset();
        _throttled.Reset();
        return true;
    }

    public override void Sample(Span<float> row, double now, ProcBuffer buffer)
    {
        var text = _usage!.Read(buffer);
        // Version 2 says "usage_usec 123" in microseconds, version 1 "123" in nanoseconds.
        if (ProcText.TryLine(ref text, out var line) && (!_unified || ProcText.Skip(ref line, 1)) && ProcText.TryNumber(ref line, out var usage))
            Set(row, _used, _rate.Next(usage, now) * (_unified ? 1e-6 : 1e-9));
        var limited = TryLimit(buffer, out var cores);
        if (limited) Set(row, _limit, cores);
        DevicesChanged = limited != _limit >= 0;
        if (_heldBack >= 0) SampleThrottling(row, now, _throttling!.Read(buffer));
    }

    private void SampleThrottling(Span<float> row, double now, ReadOnlySpan<byte> text)
    {
        double periods = double.NaN, throttled = double.NaN;
        while (ProcText.TryLine(ref text, out var line))
        {
            if (!ProcText.TryField(ref line, out var name) || !ProcText.TryNumber(ref line, out var number)) continue;
            if (name.SequenceEqual("nr_periods"u8)) periods = _periods.Next(number, now);
            else if (name.SequenceEqual("nr_throttled"u8)) throttled = _throttled.Next(number, now);
        }
        if (periods == 0) Set(row, _heldBack, 0);
        else if (periods > 0) Set(row, _heldBack, Math.Clamp(throttled / periods * 100, 0, 100));
    }

    private bool FindUnified()
    {
        if (Own("0:", "") is not { } group) return false;
        var folder = Folder(_mount, group, "cpu.stat");
        // The root group alone has no limits of its own.
        if (folder is null || !File.Exists(Path.Combine(folder, "cpu.max"))) return false;
        _usage = new ProcFile(Path.Combine(folder, "cpu.stat"));
        _throttling = _usage;
        _quota = new ProcFile(Path.Combine(Limited(folder), "cpu.max"));
        _unified = true;
        return true;
    }

    private bool FindLegacy()
    {
        if (Own("", "cpuacct") is not { } group) return false;
        var folder = Folder(Path.Combine(_mount, "cpuacct"), group, "cpuacct.usage");
        // Only the root of a hierarchy tells who is called when a group empties.
        if (folder is null || File.Exists(Path.Combine(folder, "release_agent"))) return false;
        _usage = new ProcFile(Path.Combine(folder, "cpuacct.usage"));
        _unified = false;
        if (Own("", "cpu") is not { } limits || Folder(Path.Combine(_mount, "cpu"), limits, "cpu.cfs_quota_us") is not { } cpu) return true;
        _quota = new ProcFile(Path.Combine(cpu, "cpu.cfs_quota_us"));
        _period = new ProcFile(Path.Combine(cpu, "cpu.cfs_period_us"));
        _throttling = File.Exists(Path.Combine(cpu, "cpu.stat")) ? new ProcFile(Path.Combine(cpu, "cpu.stat")) : null;
        return true;
    }

    /// <summary>Quota per period, as cores. "max" and -1 are no limit.</summary>
    private bool TryLimit(ProcBuffer buffer, out double cores)
    {
        cores = 0;
        if (_quota is null) return false;
        var text = _quota.Read(buffer);
        if (!ProcText.TryLine(ref text, out var line) || !ProcText.TryNumber(ref line, out var quota)) return false;
        if (_period is not null)
        {
            text = _period.Read(buffer);
            if (!ProcText.TryLine(ref text, out line)) return false;
        }
        if (!ProcText.TryNumber(ref line, out var period) || period == 0) return false;
        cores = quota / (double)period;
        return true;
    }

    /// <summary>Path of the own group in the hierarchy of a controller; lines read <c>id:controllers:path</c>.</summary>
    private string? Own(string start, string controller)
    {
        var file = Path.Combine(root, "proc/self/cgroup");
        if (!File.Exists(file)) return null;
        foreach (var line in File.ReadLines(file))
            if (line.StartsWith(start, StringComparison.Ordinal) && line.Split(':', 3) is [_, var controllers, var path] && controllers.Split(',').Contains(controller))
                return path;
        return null;
    }

    /// <summary>The group's folder; inside a container, whose mount begins at its own group, the mount itself.</summary>
    private static string? Folder(string mount, string group, string file) =>
        new[] { Path.Combine(mount, group.TrimStart('/')), mount }.FirstOrDefault(folder => File.Exists(Path.Combine(folder, file)));

    /// <summary>The nearest group, from the own one upwards, that has a quota; the own one if none has.</summary>
    private string Limited(string folder)
    {
        for (var at = folder; at.Length >= _mount.Length; at = Path.GetDirectoryName(at) ?? "")
            if (Path.Combine(at, "cpu.max") is var file && File.Exists(file) && !File.ReadAllText(file).StartsWith("max", StringComparison.Ordinal))
                return at;
        return folder;
    }

    public override void Dispose()
    {
        _usage?.Dispose();
        _quota?.Dispose();
        _period?.Dispose();
        _throttling?.Dispose();
        _usage = _quota = _period = _throttling = null;
    }
}
