using System.Globalization;
using System.Text;

namespace BlazorAdmin.Features.Documents.Reading;

/// <summary>What /proc says about the processes that carry a <see cref="StepMarker"/>.</summary>
internal static class ProcessTable
{
    private static readonly byte[] Prefix = Encoding.ASCII.GetBytes(StepMarker.Variable + "=");

    public static IEnumerable<(int Process, StepMarker Marker)> Marked()
    {
        if (!OperatingSystem.IsLinux()) yield break;
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var process)) continue;
            if (MarkerOf(process) is { } marker) yield return (process, marker);
        }
    }

    /// <summary>Start in clock ticks since boot; null when there is no such process. Tells a process from a later one with the same id.</summary>
    public static long? StartTime(int process)
    {
        if (!OperatingSystem.IsLinux()) return null;
        var stat = Encoding.ASCII.GetString(Read($"/proc/{process}/stat"));
        var afterName = stat.LastIndexOf(')');
        if (afterName < 0) return null;
        // Field 3 (state) follows the name; field 22 is the start time.
        var fields = stat[(afterName + 2)..].Split(' ');
        return fields.Length > 19 && fields[0] != "Z" && long.TryParse(fields[19], CultureInfo.InvariantCulture, out var start) ? start : null;
    }

    private static StepMarker? MarkerOf(int process)
    {
        ReadOnlySpan<byte> environment = Read($"/proc/{process}/environ");
        while (!environment.IsEmpty)
        {
            var end = environment.IndexOf((byte)0);
            var entry = end < 0 ? environment : environment[..end];
            if (entry.StartsWith(Prefix)) return StepMarker.Parse(Encoding.ASCII.GetString(entry[Prefix.Length..]));
            environment = end < 0 ? [] : environment[(end + 1)..];
        }
        return null;
    }

    private static byte[] Read(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            // The process ended meanwhile or belongs to somebody else: not ours either way.
            return [];
        }
    }
}
