using System.Buffers.Text;
using System.Globalization;

namespace BlazorAdmin.Features.Monitor;

/// <summary>
/// Clock of the cores: their mean and the fastest. From cpufreq where the machine scales it, else from <c>/proc/cpuinfo</c>,
/// which virtual machines have; that file costs as much as all others together.
/// </summary>
internal sealed class CpuFrequencyReader(string root) : HostReader(MetricFamily.CpuFrequency, ReaderPace.Slow)
{
    private readonly ProcFile _info = new(Path.Combine(root, "proc/cpuinfo"));
    private ProcFile[] _cores = [];
    private int _mean, _max;

    protected override bool Find(MetricLayout layout, ProcBuffer buffer)
    {
        foreach (var core in _cores) core.Dispose();
        var folder = Path.Combine(root, "sys/devices/system/cpu");
        _cores = Directory.Exists(folder)
            ? [.. Directory.EnumerateDirectories(folder, "cpu*")
                .Where(core => int.TryParse(Path.GetFileName(core)[3..], NumberStyles.None, CultureInfo.InvariantCulture, out _))
                .Select(core => new ProcFile(Path.Combine(core, "cpufreq/scaling_cur_freq"))).Where(file => file.Exists)]
            : [];
        if (!TryRead(buffer, out _, out _)) return false;
        _mean = layout.Add(Family, "cpu.frequency.mean", MetricKind.Hertz);
        _max = layout.Add(Family, "cpu.frequency.max", MetricKind.Hertz);
        return true;
    }

    public override void Sample(Span<float> row, double now, ProcBuffer buffer)
    {
        if (!TryRead(buffer, out var mean, out var max)) return;
        Set(row, _mean, mean);
        Set(row, _max, max);
    }

    private bool TryRead(ProcBuffer buffer, out double mean, out double max)
    {
        var sum = 0.0;
        var count = 0;
        max = 0;
        foreach (var core in _cores)
        {
            var text = core.Read(buffer);
            if (ProcText.TryLine(ref text, out var line) && ProcText.TryNumber(ref line, out var kilohertz)) Take(kilohertz * 1e3, ref max);
        }
        if (_cores.Length == 0 && _info.Exists)
        {
            var rest = _info.Read(buffer);
            while (ProcText.TryLine(ref rest, out var line))
                if (line.StartsWith("cpu MHz"u8) && line.IndexOf((byte)':') is var colon and > 0
                    && Utf8Parser.TryParse(line[(colon + 1)..].TrimStart((byte)' '), out double megahertz, out _)) Take(megahertz * 1e6, ref max);
        }
        mean = count == 0 ? 0 : sum / count;
        return count > 0;

        void Take(double hertz, ref double highest)
        {
            if (hertz <= 0) return;
            sum += hertz;
            count++;
            highest = Math.Max(highest, hertz);
        }
    }

    public override void Dispose()
    {
        _info.Dispose();
        foreach (var core in _cores) core.Dispose();
    }
}
