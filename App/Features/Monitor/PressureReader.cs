using System.Buffers.Text;

namespace BlazorAdmin.Features.Monitor;

/// <summary>
/// Pressure stall information: the share of the last ten seconds in which some task, or every one that had work, waited for
/// CPU, memory or disks. The kernel's own mean is read: its running totals advance in steps of two seconds only, and a rate
/// made from them would jump between nothing and twice the truth.
/// </summary>
internal sealed class PressureReader(string root) : HostReader(MetricFamily.Pressure, ReaderPace.Second)
{
    // For the whole machine the kernel defines no "full" of the CPU.
    private static readonly (string Name, bool Full)[] Kinds = [("cpu", false), ("memory", true), ("io", true)];

    private readonly ProcFile[] _files = [.. Kinds.Select(kind => new ProcFile(Path.Combine(root, "proc/pressure", kind.Name)))];
    private readonly int[] _some = new int[Kinds.Length];
    private readonly int[] _full = new int[Kinds.Length];

    protected override bool Find(MetricLayout layout, ProcBuffer buffer)
    {
        if (!Array.Exists(_files, file => file.Exists)) return false;
        for (var i = 0; i < Kinds.Length; i++)
        {
            _some[i] = _full[i] = -1;
            if (!_files[i].Exists || !IsOn(_files[i], buffer)) continue;
            _some[i] = layout.Add(Family, $"pressure.{Kinds[i].Name}.some", MetricKind.Percent);
            if (Kinds[i].Full) _full[i] = layout.Add(Family, $"pressure.{Kinds[i].Name}.full", MetricKind.Percent);
        }
        return Array.Exists(_some, column => column >= 0);
    }

    public override void Sample(Span<float> row, double now, ProcBuffer buffer)
    {
        for (var i = 0; i < _files.Length; i++)
        {
            if (_some[i] < 0) continue;
            var rest = _files[i].Read(buffer);
            while (ProcText.TryLine(ref rest, out var line))
                if (ProcText.TryField(ref line, out var name) && ProcText.TryField(ref line, out var mean)
                    && mean.StartsWith("avg10="u8) && Utf8Parser.TryParse(mean[6..], out double share, out _))
                    Set(row, name.SequenceEqual("some"u8) ? _some[i] : _full[i], share);
        }
    }

    /// <summary>A kernel started with <c>psi=0</c> has the files and refuses to read them.</summary>
    private static bool IsOn(ProcFile file, ProcBuffer buffer)
    {
        try
        {
            return !file.Read(buffer).IsEmpty;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    public override void Dispose()
    {
        foreach (var file in _files) file.Dispose();
    }
}
