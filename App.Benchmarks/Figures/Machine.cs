using System.Globalization;
using System.Runtime.InteropServices;

namespace BlazorAdmin.Benchmarks.Figures;

/// <summary>The machine that the figures come from.</summary>
public sealed record Machine(string Description)
{
    public static Machine Read()
    {
        var processor = Field("/proc/cpuinfo", "model name") ?? RuntimeInformation.ProcessArchitecture.ToString();
        var kibibytes = Field("/proc/meminfo", "MemTotal")?.Split(' ')[0];
        var memory = double.TryParse(kibibytes, CultureInfo.InvariantCulture, out var size)
            ? (size / 1024 / 1024).ToString("0.#", CultureInfo.InvariantCulture) + " GiB"
            : "unknown memory";
        var kernel = File.Exists("/proc/sys/kernel/osrelease") ? "Linux " + File.ReadAllText("/proc/sys/kernel/osrelease").Trim() : RuntimeInformation.OSDescription;
        return new Machine($"{Environment.ProcessorCount} cores of {processor}, {memory}, {kernel}, {RuntimeInformation.FrameworkDescription}");
    }

    private static string? Field(string file, string key)
    {
        if (!File.Exists(file)) return null;
        foreach (var line in File.ReadLines(file))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0 && line.AsSpan(0, colon).Trim().SequenceEqual(key)) return line[(colon + 1)..].Trim();
        }

        return null;
    }
}
