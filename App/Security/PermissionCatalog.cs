using System.Collections.Frozen;

namespace BlazorAdmin.Security;

/// <summary>Names of the roles that every installation starts with.</summary>
public static class Roles
{
    public const string Member = "Member";
    public const string Support = "Support";
    public const string Editor = "Editor";
    public const string Operator = "Operator";
    public const string Auditor = "Auditor";
    public const string Administrator = "Administrator";

    public static readonly IReadOnlyList<string> All = [Member, Support, Editor, Operator, Auditor, Administrator];
}

/// <summary>One thing that a service can be asked for.</summary>
/// <param name="Name"><c>slice.verb</c>.</param>
/// <param name="DefaultRoles">Built-in roles that have it in a new installation; administrators always do.</param>
public sealed record Permission(string Name, IReadOnlyList<string> DefaultRoles)
{
    public string Group => Name[..Name.IndexOf('.', StringComparison.Ordinal)];
}

/// <summary>Every permission that the slices registered.</summary>
public sealed class PermissionCatalog(IEnumerable<Permission> permissions)
{
    private readonly FrozenDictionary<string, Permission> _byName = permissions.ToFrozenDictionary(p => p.Name);

    public IReadOnlyCollection<Permission> All => _byName.Values;

    public bool Contains(string name) => _byName.ContainsKey(name);

    /// <summary>What a built-in role holds in a new installation.</summary>
    public IEnumerable<string> DefaultsOf(string role) =>
        All.Where(p => role == Roles.Administrator || p.DefaultRoles.Contains(role)).Select(p => p.Name).Order(StringComparer.Ordinal);
}
