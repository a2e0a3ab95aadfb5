namespace BlazorAdmin.Features.Directories;

/// <summary>Which group brings which role. A group is named by its distinguished name, or by its cn alone; upper and lower case are the same.</summary>
public sealed class RoleMap
{
    internal const string Arrow = "=>";

    private readonly List<(string Group, string Role)> _lines;

    public RoleMap(IEnumerable<string> lines) => _lines = [.. lines.Where(CanRead).Select(Read)];

    public bool IsEmpty => _lines.Count == 0;

    /// <summary>Names of the roles that stand in the map.</summary>
    public IReadOnlyList<string> Roles => [.. _lines.Select(l => l.Role).Distinct(StringComparer.OrdinalIgnoreCase)];

    public static bool CanRead(string line) => Read(line) is { Group.Length: > 0, Role.Length: > 0 };

    /// <summary>The roles of somebody in these groups, each once.</summary>
    public IReadOnlyList<string> RolesOf(IEnumerable<string> groups)
    {
        var names = groups.SelectMany(group => new[] { Normalize(group), CommonName(group) }).OfType<string>().ToHashSet(StringComparer.OrdinalIgnoreCase);
        return [.. _lines.Where(l => names.Contains(l.Group)).Select(l => l.Role).Distinct(StringComparer.OrdinalIgnoreCase)];
    }

    private static (string Group, string Role) Read(string line)
    {
        var at = line.LastIndexOf(Arrow, StringComparison.Ordinal);
        return at < 0 ? ("", "") : (Normalize(line[..at]), line[(at + Arrow.Length)..].Trim());
    }

    // Blanks around commas and equals signs mean nothing in a distinguished name (RFC 4514 writes none).
    private static string Normalize(string name) => string.Join(',', name.Split(',').Select(part => string.Join('=', part.Split('=', 2).Select(p => p.Trim()))));

    private static string? CommonName(string group) =>
        group.TrimStart().StartsWith("cn=", StringComparison.OrdinalIgnoreCase) ? group.TrimStart()[3..].Split(',')[0].Trim() : null;
}
