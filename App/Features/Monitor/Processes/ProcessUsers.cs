using System.Globalization;

namespace BlazorAdmin.Features.Monitor.Processes;

/// <summary>Names of the machine's users; the number stands for one that has none.</summary>
internal sealed class ProcessUsers(string root)
{
    private Dictionary<uint, string>? _names;

    public string Name(uint id) =>
        (_names ??= Read()).TryGetValue(id, out var name) ? name : id.ToString(CultureInfo.InvariantCulture);

    private Dictionary<uint, string> Read()
    {
        var names = new Dictionary<uint, string>();
        var file = Path.Combine(root, "etc/passwd");
        if (!File.Exists(file)) return names;
        foreach (var line in File.ReadLines(file))
            if (line.Split(':') is [var name, _, var id, ..] && uint.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                names.TryAdd(number, name);
        return names;
    }
}
