using System.Collections.Concurrent;
using System.Collections.Frozen;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Users;
using BlazorAdmin.Shell;

namespace BlazorAdmin.Security;

/// <summary>What a person's roles bring together.</summary>
/// <param name="Names">Names of the roles.</param>
/// <param name="Permissions">Permissions of all of them.</param>
/// <param name="Defaults">With what their people begin.</param>
internal sealed record RoleSet(FrozenSet<string> Names, FrozenSet<string> Permissions, OwnPreferences Defaults);

/// <summary>
/// All roles as the database had them at one moment. There are few of them and many people: the rights of a session need no
/// query of their own for what its roles bring, and people with the same roles share one set.
/// </summary>
/// <param name="readAt">Time stamp from before the roles were read.</param>
internal sealed class RoleBook(FrozenDictionary<Guid, RoleBook.Page> pages, long readAt)
{
    private readonly ConcurrentDictionary<string, RoleSet> _sets = new(StringComparer.Ordinal);

    public long ReadAt => readAt;

    public static async Task<RoleBook> ReadAsync(AppDbContext db, long readAt, CancellationToken cancellation)
    {
        var roles = await db.Roles.AsNoTracking().Select(r => new
        {
            r.Id, r.Name, r.BuiltIn, r.DefaultTheme, r.DefaultDensity, r.DefaultLanguage, r.DefaultTimeZone, Permissions = r.Permissions.Select(p => p.Permission).ToList(),
        }).ToListAsync(cancellation);
        return new RoleBook(
            roles.ToFrozenDictionary(r => r.Id, r => new Page(r.Name!, r.BuiltIn, r.Permissions, new OwnPreferences(r.DefaultTheme, r.DefaultDensity, r.DefaultLanguage, r.DefaultTimeZone))), readAt);
    }

    /// <summary>What the roles <paramref name="ids"/> bring; null if one of them is younger than this book.</summary>
    public RoleSet? Find(IReadOnlyList<Guid> ids)
    {
        if (ids.Any(id => !pages.ContainsKey(id))) return null;
        return _sets.GetOrAdd(string.Join(' ', ids.Order()), _ => Gather([.. ids.Select(id => pages[id])]));
    }

    // Of several roles the first that says something counts, in the order of the dashboards: a role of one's own making before a
    // built-in one, then the one with more permissions, then by name.
    private static RoleSet Gather(IReadOnlyList<Page> roles) => new(
        roles.Select(r => r.Name).ToFrozenSet(), roles.SelectMany(r => r.Permissions).ToFrozenSet(),
        roles.OrderBy(r => r.BuiltIn).ThenByDescending(r => r.Permissions.Count).ThenBy(r => r.Name, StringComparer.Ordinal).Aggregate(OwnPreferences.None, (before, next) => before.Over(next.Defaults)));

    /// <summary>One role.</summary>
    internal sealed record Page(string Name, bool BuiltIn, IReadOnlyList<string> Permissions, OwnPreferences Defaults);
}
