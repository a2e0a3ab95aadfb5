using System.Text;

namespace BlazorAdmin.Features.Monitor;

/// <summary>Memory limit and use of the own control group (version 2), where one is set.</summary>
internal sealed class ContainerMemoryReader(string root) : HostReader(MetricFamily.ContainerMemory)
{
    private ProcFile? _limit;
    private ProcFile? _current;
    private int _limitColumn, _usedColumn;

    protected override bool Find(MetricLayout layout, ProcBuffer buffer)
    {
        Dispose();
        foreach (var folder in Folders())
        {
            var limit = Path.Combine(folder, "memory.max");
            var current = Path.Combine(folder, "memory.current");
            if (!File.Exists(limit) || !File.Exists(current)) continue;
            var candidate = new ProcFile(limit);
            if (!TryBytes(candidate.Read(buffer), out _))
            {
                candidate.Dispose();
                continue;
            }
            _limit = candidate;
            _current = new ProcFile(current);
            _limitColumn = layout.Add(Family, "container.memory.limit", MetricKind.Bytes);
            _usedColumn = layout.Add(Family, "container.memory.used", MetricKind.Bytes);
            return true;
        }
        return false;
    }

    public override void Sample(Span<float> row, double now, ProcBuffer buffer)
    {
        if (TryBytes(_limit!.Read(buffer), out var limit)) Set(row, _limitColumn, limit);
        else DevicesChanged = true;
        if (TryBytes(_current!.Read(buffer), out var used)) Set(row, _usedColumn, used);
    }

    /// <summary>The own group, then the groups above it: the nearest with a limit decides.</summary>
    private IEnumerable<string> Folders()
    {
        var own = Path.Combine(root, "proc/self/cgroup");
        if (!File.Exists(own)) yield break;
        var group = File.ReadLines(own, Encoding.UTF8).FirstOrDefault(line => line.StartsWith("0::/", StringComparison.Ordinal));
        if (group is null) yield break;
        var mount = Path.Combine(root, "sys/fs/cgroup");
        for (var path = group[4..]; ; path = Path.GetDirectoryName(path) ?? "")
        {
            yield return Path.Combine(mount, path);
            if (path.Length == 0) yield break;
        }
    }

    private static bool TryBytes(ReadOnlySpan<byte> text, out ulong bytes)
    {
        bytes = 0;
        return ProcText.TryLine(ref text, out var line) && ProcText.TryNumber(ref line, out bytes);
    }

    public override void Dispose()
    {
        _limit?.Dispose();
        _current?.Dispose();
        _limit = _current = null;
    }
}
