using System.Text;

namespace BlazorAdmin.Features.Monitor;

/// <summary>Temperatures of the hardware monitoring chips; where there are none, of the thermal zones.</summary>
internal sealed class TemperatureReader(string root) : HostReader(MetricFamily.Temperature, ReaderPace.Slow)
{
    private const int MostSensors = 32;

    private (ProcFile File, int Column)[] _sensors = [];

    protected override bool Find(MetricLayout layout, ProcBuffer buffer)
    {
        Dispose();
        var names = new HashSet<string>();
        var sensors = new List<(ProcFile, int)>();
        var found = Chips().ToList();
        foreach (var (path, wanted) in (found.Count > 0 ? found : Zones()).Take(MostSensors))
        {
            var file = new ProcFile(path);
            // A sensor that answers nothing now is no sensor of this machine.
            if (!TryRead(file, buffer, out _))
            {
                file.Dispose();
                continue;
            }
            var name = wanted;
            for (var copy = 2; !names.Add(name); copy++) name = $"{wanted} {copy}";
            sensors.Add((file, layout.Add(Family, $"temperature.{name}", MetricKind.Celsius, name)));
        }
        _sensors = [.. sensors];
        return _sensors.Length > 0;
    }

    public override void Sample(Span<float> row, double now, ProcBuffer buffer)
    {
        foreach (var (file, column) in _sensors)
            if (TryRead(file, buffer, out var celsius)) Set(row, column, celsius);
            else DevicesChanged |= !file.Exists;
    }

    private IEnumerable<(string Path, string Name)> Chips() =>
        from chip in Folders("sys/class/hwmon", "hwmon*")
        from input in Directory.EnumerateFiles(chip, "temp*_input").Order(StringComparer.Ordinal)
        select (input, $"{Text(Path.Combine(chip, "name")) ?? Path.GetFileName(chip)} {Label(input)}".Trim());

    private IEnumerable<(string Path, string Name)> Zones() =>
        from zone in Folders("sys/class/thermal", "thermal_zone*")
        let path = Path.Combine(zone, "temp")
        where File.Exists(path)
        select (path, Text(Path.Combine(zone, "type")) ?? Path.GetFileName(zone));

    private IEnumerable<string> Folders(string folder, string pattern) =>
        Path.Combine(root, folder) is var full && Directory.Exists(full) ? Directory.EnumerateDirectories(full, pattern).Order(StringComparer.Ordinal) : [];

    private static string Label(string input) =>
        Text(input.Replace("_input", "_label", StringComparison.Ordinal)) ?? Path.GetFileName(input)["temp".Length..^"_input".Length];

    private static string? Text(string path)
    {
        try
        {
            return File.Exists(path) && File.ReadAllText(path, Encoding.UTF8).Trim() is { Length: > 0 } text ? text[..Math.Min(text.Length, 40)] : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Thousandths of a degree. Chips that sleep refuse to be read, which ends nothing.</summary>
    private static bool TryRead(ProcFile file, ProcBuffer buffer, out double celsius)
    {
        celsius = 0;
        try
        {
            var text = file.Read(buffer);
            if (!ProcText.TryLine(ref text, out var line) || !ProcText.TryDecimal(ref line, out var thousandths)) return false;
            celsius = thousandths / 1000;
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    public override void Dispose()
    {
        foreach (var (file, _) in _sensors) file.Dispose();
        _sensors = [];
    }
}
