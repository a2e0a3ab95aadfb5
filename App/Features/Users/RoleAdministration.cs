using BlazorAdmin.Data;
using BlazorAdmin.Features.Account.Factors;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Settings;
using BlazorAdmin.Live;
using BlazorAdmin.Security;
using BlazorAdmin.Shell;

namespace BlazorAdmin.Features.Users;

/// <summary>A role with what it brings.</summary>
public sealed record RoleView(Guid Id, string Name, string? Description, bool BuiltIn, IReadOnlySet<string> Permissions, int Users)
{
    /// <summary>With what its people begin who chose nothing themselves.</summary>
    public OwnPreferences Defaults { get; init; } = OwnPreferences.None;

    /// <summary>What its people know about.</summary>
    public IReadOnlyList<string> Topics { get; init; } = [];

    /// <summary>Administrators always hold everything, so that nobody locks the installation.</summary>
    public bool IsFixed => BuiltIn && Name == Security.Roles.Administrator;
}

public enum RoleOutcome
{
    Done,
    NotFound,
    NameMissing,
    NameTaken,

    /// <summary>Administrators keep all permissions; built-in roles keep name and existence.</summary>
    Fixed,

    /// <summary>The change concerns permissions that the caller does not hold.</summary>
    BeyondOwnRights,

    /// <summary>Confirm that it is you first.</summary>
    ProofNeeded,

    /// <summary>Files or variables of the server name the role, and the new name not yet.</summary>
    NamedByServer,

    /// <summary>More topics than a role may have, or one that is too long.</summary>
    TopicsTooMany,
}

/// <summary>What a role brings besides permissions.</summary>
/// <param name="Topics">As typed, see <see cref="Users.Topics"/>.</param>
public sealed record RoleExtras(OwnPreferences Defaults, string? Topics);

/// <summary>Bundles of permissions: read, edit, make, delete.</summary>
public sealed class RoleAdministration(
    IDbContextFactory<AppDbContext> databases, IDatabaseDialect dialect, Guard guard, RecentProof proof, PermissionCatalog catalog, RoleSettings settings, DatabaseSettingsLoader loader, Topic<AccessChanged> changes)
{
    public async Task<IReadOnlyList<RoleView>> ListAsync(CancellationToken cancellation)
    {
        var caller = await guard.Require(UsersPermissions.RolesRead, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var roles = await db.Roles.AsNoTracking().Include(r => r.Permissions).Where(r => r.TenantId == caller.TenantId).ToListAsync(cancellation);
        var topics = (await db.Set<RoleTopic>().AsNoTracking().Where(t => db.Roles.Any(r => r.Id == t.RoleId && r.TenantId == caller.TenantId)).OrderBy(t => t.Topic).ToListAsync(cancellation)).ToLookup(t => t.RoleId, t => t.Topic);
        var counts = await db.UserRoles.GroupBy(link => link.RoleId).Select(group => new { group.Key, Count = group.Count() }).ToDictionaryAsync(c => c.Key, c => c.Count, cancellation);
        return
        [
            .. roles.OrderBy(r => r.BuiltIn ? Security.Roles.All.ToList().IndexOf(r.Name!) : int.MaxValue).ThenBy(r => r.Name, StringComparer.CurrentCulture)
                .Select(r => new RoleView(r.Id, r.Name!, r.Description, r.BuiltIn, r.Permissions.Select(p => p.Permission).ToHashSet(), counts.GetValueOrDefault(r.Id))
                {
                    Defaults = new OwnPreferences(r.DefaultTheme, r.DefaultDensity, r.DefaultLanguage, r.DefaultTimeZone), Topics = [.. topics[r.Id]],
                }),
        ];
    }

    /// <summary>Saves the bundle of a role, or makes a new role if <paramref name="id"/> is null. The name of a built-in role does not change.</summary>
    public Task<(RoleOutcome Outcome, Guid? Id)> SaveAsync(Guid? id, string name, string? description, IReadOnlySet<string> permissions, CancellationToken cancellation) =>
        SaveAsync(id, name, description, permissions, null, cancellation);

    /// <summary>The same with what the role brings besides; null leaves that as it is.</summary>
    public async Task<(RoleOutcome Outcome, Guid? Id)> SaveAsync(Guid? id, string name, string? description, IReadOnlySet<string> permissions, RoleExtras? extras, CancellationToken cancellation)
    {
        var caller = await guard.Require(UsersPermissions.RolesManage, cancellation);
        var title = name.Trim();
        if (title.Length is 0 or > 100) return (RoleOutcome.NameMissing, null);
        if (extras is not null && Topics.Parse(extras.Topics) is null) return (RoleOutcome.TopicsTooMany, id);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var role = id is null
            ? new Role { Id = Guid.NewGuid(), TenantId = caller.TenantId, ConcurrencyStamp = Guid.NewGuid().ToString() }
            : await db.Roles.Include(r => r.Permissions).SingleOrDefaultAsync(r => r.Id == id && r.TenantId == caller.TenantId, cancellation);
        if (role is null) return (RoleOutcome.NotFound, null);
        if (role is { BuiltIn: true, Name: Security.Roles.Administrator }) return (RoleOutcome.Fixed, role.Id);
        var wanted = permissions.Where(catalog.Contains).ToHashSet();
        var held = role.Permissions.Select(p => p.Permission).ToHashSet();
        var given = wanted.Except(held).Order(StringComparer.Ordinal).ToList();
        // What an older or newer version registered and this one does not know stays as it is.
        var taken = held.Where(p => catalog.Contains(p) && !wanted.Contains(p)).Order(StringComparer.Ordinal).ToList();
        if (!given.Concat(taken).All(caller.May)) return (RoleOutcome.BeyondOwnRights, role.Id);
        if (given.Count + taken.Count > 0 && !await proof.IsFreshAsync(db, caller, cancellation)) return (RoleOutcome.ProofNeeded, id);
        if (id is null) db.Add(role);
        var renamedFrom = !role.BuiltIn && id is not null && role.Name != title ? role.Name : null;
        await using var settled = renamedFrom is null ? null : await settings.HoldAsync(db, cancellation);
        if (renamedFrom is not null && await settings.FollowAsync(db, caller, renamedFrom, title, cancellation) is not null) return (RoleOutcome.NamedByServer, id);
        if (!role.BuiltIn) (role.Name, role.NormalizedName) = (title, title.ToUpperInvariant());
        role.Description = string.IsNullOrWhiteSpace(description) ? null : description.Trim()[..Math.Min(description.Trim().Length, 500)];
        role.Permissions.RemoveAll(p => taken.Contains(p.Permission));
        role.Permissions.AddRange(given.Select(p => new RolePermission { RoleId = role.Id, Permission = p }));
        if (extras is not null) await BringAsync(db, role, extras, cancellation);
        db.Audit(caller, id is null ? "roles.create" : "roles.edit", "role", role.Id, role.Name, new { given, taken, renamedFrom });
        try
        {
            await db.SaveChangesAsync(cancellation);
        }
        catch (DbUpdateException exception) when (dialect.IsDuplicateKey(exception))
        {
            return (RoleOutcome.NameTaken, null);
        }

        // Before the rights are read again: a second factor that is asked for by name is asked for by the new one.
        if (renamedFrom is not null) await loader.ReloadAsync(cancellation);
        changes.Publish(new AccessChanged(null));
        return (RoleOutcome.Done, role.Id);
    }

    private static async Task BringAsync(AppDbContext db, Role role, RoleExtras extras, CancellationToken cancellation)
    {
        (role.DefaultTheme, role.DefaultDensity) = (extras.Defaults.Theme, extras.Defaults.Density);
        role.DefaultLanguage = Languages.Find(extras.Defaults.Language)?.Name;
        role.DefaultTimeZone = extras.Defaults.TimeZone is { Length: > 0 } zone && TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _) ? zone : null;
        var wanted = Topics.Parse(extras.Topics) ?? [];
        var before = await db.Set<RoleTopic>().Where(t => t.RoleId == role.Id).ToListAsync(cancellation);
        db.RemoveRange(before.Where(t => !wanted.Contains(t.Topic)));
        db.AddRange(wanted.Except(before.Select(t => t.Topic)).Select(topic => new RoleTopic { RoleId = role.Id, Topic = topic }));
    }

    /// <summary>Deletes a role of one's own making; whoever had it loses it.</summary>
    public async Task<RoleOutcome> DeleteAsync(Guid id, CancellationToken cancellation)
    {
        var caller = await guard.Require(UsersPermissions.RolesManage, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var role = await db.Roles.Include(r => r.Permissions).SingleOrDefaultAsync(r => r.Id == id && r.TenantId == caller.TenantId, cancellation);
        if (role is null) return RoleOutcome.NotFound;
        if (role.BuiltIn) return RoleOutcome.Fixed;
        if (!role.Permissions.All(p => caller.May(p.Permission) || !catalog.Contains(p.Permission))) return RoleOutcome.BeyondOwnRights;
        var users = await db.UserRoles.CountAsync(link => link.RoleId == id, cancellation);
        await using var held = await settings.HoldAsync(db, cancellation);
        await settings.FollowAsync(db, caller, role.Name!, null, cancellation);
        db.Remove(role);
        db.Audit(caller, "roles.delete", "role", id, role.Name, new { users });
        await db.SaveChangesAsync(cancellation);
        changes.Publish(new AccessChanged(null));
        return RoleOutcome.Done;
    }
}
