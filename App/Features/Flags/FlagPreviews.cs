using System.Collections.Frozen;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Users;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Flags;

/// <summary>Says what a definition would give to whom, before it is saved; reads people and roles for the editor.</summary>
public sealed class FlagPreviews(IDbContextFactory<AppDbContext> databases, Guard guard, FlagStore store, TimeProvider time)
{
    /// <summary>People who are looked at for <see cref="ImpactAsync"/>.</summary>
    public const int MostPeople = 20_000;

    /// <summary>What the editor of <paramref name="key"/> offers, and the names of the people that its rules name, for those who may see them.</summary>
    public async Task<FlagChoices> ChoicesAsync(string? key, IReadOnlyCollection<Guid> people, CancellationToken cancellation)
    {
        var caller = await guard.Require(FlagsPermissions.Read, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var roles = await db.Roles.AsNoTracking().Where(r => r.TenantId == caller.TenantId).Select(r => new { r.Id, r.Name, r.BuiltIn }).ToListAsync(cancellation);
        var around = await FlagDirectory.AroundAsync(db, caller, key, cancellation);
        var knowsPeople = caller.May(FlagsPermissions.Manage) || caller.May(UsersPermissions.Read);
        if (!knowsPeople) people = [];
        var named = await db.Users.AsNoTracking().Where(u => u.TenantId == caller.TenantId && people.Contains(u.Id)).Select(u => new FlagPersonRow(u.Id, u.DisplayName, u.Email)).ToDictionaryAsync(p => p.Id, cancellation);
        return new FlagChoices(
            [.. roles.OrderBy(r => r.BuiltIn ? Roles.All.ToList().IndexOf(r.Name!) : int.MaxValue).ThenBy(r => r.Name, StringComparer.CurrentCulture).Select(r => new FlagRoleRow(r.Id, r.Name!))],
            [.. around.Others.OrderBy(o => o.Key, StringComparer.Ordinal).Select(o => new FlagNeedRow(o.Key, [.. o.Value.Variants.Select(v => v.Name)]))], named, knowsPeople);
    }

    /// <summary>The few active people whose name or address contains <paramref name="text"/>.</summary>
    public async Task<IReadOnlyList<FlagPersonRow>> FindPeopleAsync(string text, int limit, CancellationToken cancellation)
    {
        var caller = await guard.Require(FlagsPermissions.Manage, cancellation);
        var (lower, upper) = (text.Trim().ToLowerInvariant(), text.Trim().ToUpperInvariant());
        if (lower.Length == 0) return [];
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await db.Users.AsNoTracking().Where(u => u.TenantId == caller.TenantId && u.DeactivatedAt == null && (u.DisplayName.ToLower().Contains(lower) || u.NormalizedEmail!.Contains(upper)))
            .OrderBy(u => u.DisplayName).ThenBy(u => u.Id).Take(limit).Select(u => new FlagPersonRow(u.Id, u.DisplayName, u.Email)).ToListAsync(cancellation);
    }

    /// <summary>What somebody is given by the flag as it is stored, or as <paramref name="draft"/> would have it.</summary>
    /// <returns>Null if there is no such person or flag.</returns>
    public async Task<FlagPreview?> ForAsync(Guid flagId, Guid personId, FlagDefinition? draft, CancellationToken cancellation)
    {
        var caller = await guard.Require(FlagsPermissions.Manage, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var person = await db.Users.AsNoTracking().Where(u => u.Id == personId && u.TenantId == caller.TenantId).Select(u => new FlagPersonRow(u.Id, u.DisplayName, u.Email)).SingleOrDefaultAsync(cancellation);
        if (person is null || await CompileAsync(db, caller, flagId, draft, cancellation) is not { } compiled) return null;
        var (roles, _) = await AccessRegistry.RolesAsync(db, personId, cancellation);
        return new FlagPreview(person, compiled.Evaluate(new FlagPerson(caller.TenantId, personId, roles), time.GetUtcNow().UtcTicks));
    }

    /// <summary>How many active people would be given something else by <paramref name="draft"/>.</summary>
    public async Task<FlagImpact?> ImpactAsync(Guid flagId, FlagDefinition draft, CancellationToken cancellation)
    {
        var caller = await guard.Require(FlagsPermissions.Manage, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        if (await CompileAsync(db, caller, flagId, null, cancellation) is not { } before || await CompileAsync(db, caller, flagId, draft, cancellation) is not { } after) return null;
        var people = await db.Users.AsNoTracking().Where(u => u.TenantId == caller.TenantId && u.DeactivatedAt == null).OrderBy(u => u.Id).Select(u => u.Id).Take(MostPeople + 1).ToListAsync(cancellation);
        var isCut = people.Count > MostPeople;
        if (isCut) people.RemoveAt(MostPeople);
        var links = await (
            from link in db.UserRoles
            join role in db.Roles on link.RoleId equals role.Id
            where role.TenantId == caller.TenantId
            select new { link.UserId, role.Name }).ToListAsync(cancellation);
        var roles = links.GroupBy(l => l.UserId).ToDictionary(g => g.Key, g => g.Select(l => l.Name!).ToFrozenSet());
        var now = time.GetUtcNow().UtcTicks;
        var moves = new Dictionary<(string, string), int>();
        foreach (var id in people)
        {
            var person = new FlagPerson(caller.TenantId, id, roles.GetValueOrDefault(id, FrozenSet<string>.Empty));
            var (from, to) = (before.Evaluate(person, now).Variant, after.Evaluate(person, now).Variant);
            if (from != to) moves[(from, to)] = moves.GetValueOrDefault((from, to)) + 1;
        }

        return new FlagImpact(people.Count, isCut, [.. moves.OrderByDescending(m => m.Value).Select(m => new FlagMove(m.Key.Item1, m.Key.Item2, m.Value))]);
    }

    // Beside the flags in force: what it needs is asked as it is now.
    private async Task<CompiledFlag?> CompileAsync(AppDbContext db, Caller caller, Guid id, FlagDefinition? draft, CancellationToken cancellation)
    {
        if (await db.Set<Flag>().AsNoTracking().SingleOrDefaultAsync(f => f.Id == id && f.TenantId == caller.TenantId, cancellation) is not { } flag) return null;
        if ((draft ?? FlagDefinition.TryRead(flag.Definition)) is not { } definition) return null;
        var roles = await db.Roles.AsNoTracking().Select(r => new { r.Id, r.Name }).ToDictionaryAsync(r => r.Id, r => r.Name!, cancellation);
        var compiled = CompiledFlag.Of(flag, definition, roles, new FlagUse());
        var others = store.Current.All.Where(f => f.TenantId == caller.TenantId && f.Id != id).ToDictionary(f => f.Key, StringComparer.Ordinal);
        compiled.Link(others, _ => false);
        return compiled;
    }
}
