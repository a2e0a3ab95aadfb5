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
    /// <summary>True if holding it changes nothing by itself: it stays with people who can only read. By default what is called <c>.read</c>.</summary>
    public bool Reads { get; init; } = Name.EndsWith(".read", StringComparison.Ordinal);

    /// <summary>For a permission about one's own things: the one that shows the same of others. Who looks at the portal as somebody else needs it too.</summary>
    public string? OfOthers { get; init; }

    public string Group => Name[..Name.IndexOf('.', StringComparison.Ordinal)];
}

/// <summary>Every permission that the slices registered.</summary>
public sealed class PermissionCatalog(IEnumerable<Permission> permissions)
{
    private readonly FrozenDictionary<string, Permission> _byName = permissions.ToFrozenDictionary(p => p.Name);

    public IReadOnlyCollection<Permission> All => _byName.Values;

    /// <summary>True if the permission stays with people who can only read.</summary>
    public bool Reads(string name) => _byName.TryGetValue(name, out var permission) ? permission.Reads : name.EndsWith(".read", StringComparison.Ordinal);

    /// <summary>What of <paramref name="theirs"/> somebody who holds <paramref name="own"/> may see who looks at the portal as them: never more than as oneself.</summary>
    public FrozenSet<string> Common(FrozenSet<string> theirs, FrozenSet<string> own) =>
        theirs.Where(name => own.Contains(name) && (!_byName.TryGetValue(name, out var permission) || permission.OfOthers is not { } others || own.Contains(others))).ToFrozenSet();

    public bool Contains(string name) => _byName.ContainsKey(name);

    /// <summary>What a built-in role holds in a new installation.</summary>
    public IEnumerable<string> DefaultsOf(string role) =>
        All.Where(p => role == Roles.Administrator || p.DefaultRoles.Contains(role)).Select(p => p.Name).Order(StringComparer.Ordinal);
}
