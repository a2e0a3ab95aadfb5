using System.Globalization;

namespace BlazorAdmin.Features.Monitor;

/// <summary>
/// Busy share of every core, and what the machine's CPU time went to, over a window of one second that slides with each
/// sample. The kernel counts 10 ms steps, so a shorter window would show steps of ten percent at 100 ms. Busy is the elapsed
/// time without idle and iowait: idle time is kept exactly on tickless kernels, whereas busy time is a count of timer ticks
/// and misses short work. The states are shares of all ticks that the kernel counted.
/// </summary>
internal sealed class CpuReader(string root) : HostReader(MetricFamily.Cpu)
{
    private const double Window = 1.0;
    private const double TicksPerSecond = 100;
    private const int Snapshots = 64;
    private const ulong Unknown = ulong.MaxValue;

    // A pause of the whole machine: its clock went on, its counters did not.
    private const double GapSeconds = 2;
    private const double GapIntervals = 3;

    // user nice system idle iowait irq softirq steal; guest time is part of user and nice.
    private const int Fields = 8, Idle = 3, Irq = 5, SoftIrq = 6;

    private static readonly (string Key, int Field)[] States = [("user", 0), ("nice", 1), ("system", 2), ("iowait", 4), ("irq", Irq), ("steal", 7)];

    private readonly ProcFile _stat = new(Path.Combine(root, "proc/stat"));
    private readonly double[] _times = new double[Snapshots];
    private readonly ulong[][] _states = [.. Enumerable.Range(0, Snapshots).Select(_ => new ulong[Fields])];
    private readonly int[] _stateColumns = new int[States.Length];
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
            if (TryCore(ref line, out var core) && core >= 0) cores.Add(core);
        if (cores.Count == 0) return false;

        _totalColumn = layout.Add(Family, "cpu.total", MetricKind.Percent);
        _columns = [.. cores.Select(core => layout.Add(Family, $"cpu.core.{core}", MetricKind.Percent, core.ToString(CultureInfo.InvariantCulture)))];
        for (var i = 0; i < States.Length; i++) _stateColumns[i] = layout.Add(Family, $"cpu.state.{States[i].Key}", MetricKind.Percent);
        _cores = [.. cores];
        _idle = [.. Enumerable.Range(0, Snapshots).Select(_ => new ulong[cores.Count])];
        _taken = 0;
        return true;
    }

    public override void Sample(Span<float> row, double now, ProcBuffer buffer)
    {
        if (IsGap(now)) _taken = 0;
        var current = _idle[_taken % Snapshots];
        var states = _states[_taken % Snapshots];
        _times[_taken % Snapshots] = now;
        Array.Fill(current, Unknown);
        Array.Fill(states, Unknown);
        var position = 0;
        var rest = _stat.Read(buffer);
        while (ProcText.TryLine(ref rest, out var line))
        {
            if (!TryCore(ref line, out var core)) break;
            if (core < 0)
            {
                for (var i = 0; i < Fields && ProcText.TryNumber(ref line, out var ticks); i++) states[i] = ticks;
                continue;
            }
            var slot = position < _cores.Length && _cores[position] == core ? position : Array.IndexOf(_cores, core);
            if (slot < 0)
            {
                DevicesChanged = true;
                continue;
            }
            position = slot + 1;
            if (ProcText.Skip(ref line, Idle) && ProcText.TryNumber(ref line, out var idle) && ProcText.TryNumber(ref line, out var wait))
                current[slot] = idle + wait;
        }
        DevicesChanged |= Array.IndexOf(current, Unknown) >= 0;
        _taken++;

        var start = Start(now);
        Share(row, current, _idle[start % Snapshots], now - _times[start % Snapshots]);
        Split(row, states, _states[start % Snapshots]);
    }

    private bool IsGap(double now)
    {
        if (_taken < 2) return false;
        var last = _times[(_taken - 1) % Snapshots];
        return now - last > GapSeconds && now - last > GapIntervals * (last - _times[(_taken - 2) % Snapshots]);
    }

    /// <summary>The snapshot at which the window begins.</summary>
    private long Start(double now)
    {
        var start = _taken - 1;
        var oldest = Math.Max(0, _taken - Snapshots);
        while (start > oldest && now - _times[start % Snapshots] < Window - 0.05) start--;
        return start;
    }

    private void Share(Span<float> row, ulong[] current, ulong[] before, double elapsed)
    {
        if (elapsed <= 0) return;
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

    private void Split(Span<float> row, ulong[] current, ulong[] before)
    {
        var all = 0.0;
        for (var i = 0; i < Fields; i++) all += Ticks(current, before, i) is var ticks and > 0 ? ticks : 0;
        if (all <= 0) return;
        for (var i = 0; i < States.Length; i++)
        {
            var ticks = Ticks(current, before, States[i].Field);
            if (States[i].Field == Irq) ticks += Ticks(current, before, SoftIrq);
            if (!double.IsNaN(ticks)) Set(row, _stateColumns[i], ticks / all * 100);
        }
    }

    /// <returns>NaN for a field that the kernel lacks or that went back.</returns>
    private static double Ticks(ulong[] current, ulong[] before, int field) =>
        current[field] == Unknown || before[field] == Unknown || current[field] < before[field] ? double.NaN : current[field] - before[field];

    /// <param name="core">-1 for the line of all cores.</param>
    private static bool TryCore(ref ReadOnlySpan<byte> line, out int core)
    {
        core = -1;
        return line.StartsWith("cpu"u8)
            && ProcText.TryField(ref line, out var name)
            && (name.Length == 3 || System.Buffers.Text.Utf8Parser.TryParse(name[3..], out core, out _));
    }

    public override void Dispose() => _stat.Dispose();
}
