namespace BlazorAdmin.Features.Monitor;

/// <summary>
/// Busy share of every core over a window of one second that slides with each sample. The kernel counts 10 ms steps,
/// so a shorter window would show steps of ten percent at 100 ms. Busy is the elapsed time without idle and iowait:
/// idle time is kept exactly on tickless kernels, whereas busy time is a count of timer ticks and misses short work.
/// </summary>
internal sealed class CpuReader(string root) : HostReader(MetricFamily.Cpu)
{
    private const double Window = 1.0;
    private const double TicksPerSecond = 100;
    private const int Snapshots = 64;
    private const ulong Unknown = ulong.MaxValue;

    private readonly ProcFile _stat = new(Path.Combine(root, "proc/stat"));
    private readonly double[] _times = new double[Snapshots];
    private ulong[][] _idle = [];
    private int[] _cores = [];
    private int[] _columns = [];
    private int _totalColumn;
    private long _taken;

    protected override bool Find(MetricLayout layout, ProcBuffer buffer)
    {
        if (!_stat.Exists) return false;
        var cores = new List<int>();
        var rest = _stat.Read(buffer);
        while (ProcText.TryLine(ref rest, out var line))
            if (TryCore(ref line, out var core)) cores.Add(core);
        if (cores.Count == 0) return false;

        _totalColumn = layout.Add(Family, "cpu.total", MetricKind.Percent);
        _columns = [.. cores.Select(core => layout.Add(Family, $"cpu.core.{core}", MetricKind.Percent, core.ToString(System.Globalization.CultureInfo.InvariantCulture)))];
        _cores = [.. cores];
        _idle = [.. Enumerable.Range(0, Snapshots).Select(_ => new ulong[cores.Count])];
        _taken = 0;
        return true;
    }

    public override void Sample(Span<float> row, double now, ProcBuffer buffer)
    {
        var current = _idle[_taken % Snapshots];
        _times[_taken % Snapshots] = now;
        Array.Fill(current, Unknown);
        var position = 0;
        var rest = _stat.Read(buffer);
        while (ProcText.TryLine(ref rest, out var line))
        {
            if (!TryCore(ref line, out var core))
            {
                if (position > 0) break;
                continue;
            }
            var slot = position < _cores.Length && _cores[position] == core ? position : Array.IndexOf(_cores, core);
            if (slot < 0)
            {
                DevicesChanged = true;
                continue;
            }
            position = slot + 1;
            // user nice system idle iowait
            if (ProcText.Skip(ref line, 3) && ProcText.TryNumber(ref line, out var idle) && ProcText.TryNumber(ref line, out var wait))
                current[slot] = idle + wait;
        }
        DevicesChanged |= Array.IndexOf(current, Unknown) >= 0;
        _taken++;
        Share(row, current, now);
    }

    private void Share(Span<float> row, ulong[] current, double now)
    {
        var start = _taken - 1;
        var oldest = Math.Max(0, _taken - Snapshots);
        while (start > oldest && now - _times[start % Snapshots] < Window - 0.05) start--;
        var elapsed = now - _times[start % Snapshots];
        if (elapsed <= 0) return;

        var before = _idle[start % Snapshots];
        var sum = 0.0;
        var counted = 0;
        for (var i = 0; i < current.Length; i++)
        {
            // Lower than before: iowait is known to step back, or the core was off-line in between.
            if (current[i] == Unknown || before[i] == Unknown || current[i] < before[i]) continue;
            var share = Math.Clamp(1 - (current[i] - before[i]) / TicksPerSecond / elapsed, 0, 1) * 100;
            Set(row, _columns[i], share);
            sum += share;
            counted++;
        }
        if (counted > 0) Set(row, _totalColumn, sum / counted);
    }

    private static bool TryCore(ref ReadOnlySpan<byte> line, out int core)
    {
        core = 0;
        return line.StartsWith("cpu"u8)
            && ProcText.TryField(ref line, out var name)
            && name.Length > 3
            && System.Buffers.Text.Utf8Parser.TryParse(name[3..], out core, out _);
    }

    public override void Dispose() => _stat.Dispose();
}
