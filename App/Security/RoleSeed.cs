using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Settings;
using BlazorAdmin.Features.Users;

namespace BlazorAdmin.Security;

/// <summary>
/// Makes the built-in roles, and gives each permission to its default roles once: what an administrator takes away later
/// stays away, while permissions that a new version brings arrive.
/// </summary>
public sealed class RoleSeed(PermissionCatalog catalog, TimeProvider time) : ISeed
{
    private const string SeededPrefix = "Permission.";
    private const string RolePrefix = "Role.";

    public int Order => -100;

    public async Task SeedAsync(AppDbContext db, CancellationToken cancellation)
    {
        var seeded = (await db.Set<SystemValue>().Where(v => v.Key.StartsWith(SeededPrefix) || v.Key.StartsWith(RolePrefix)).Select(v => v.Key).ToListAsync(cancellation)).ToHashSet();
        // What was given once stays as administrators left it, so that most starts have nothing to do here.
        if (catalog.All.All(p => seeded.Contains(SeededPrefix + p.Name)) && Roles.All.All(name => seeded.Contains(RolePrefix + name))) return;
        var roles = await db.Roles.Include(r => r.Permissions).ToListAsync(cancellation);
        foreach (var name in Roles.All)
        {
            if (!seeded.Contains(RolePrefix + name)) db.Add(new SystemValue { Key = RolePrefix + name, ChangedAt = time.GetUtcNow() });
            if (roles.Exists(r => r.BuiltIn && r.Name == name)) continue;
            var role = new Role
            {
                Id = Guid.NewGuid(), TenantId = AppDbContext.DefaultTenant, Name = name, NormalizedName = name.ToUpperInvariant(), BuiltIn = true,
                ConcurrencyStamp = Guid.NewGuid().ToString(),
            };
            db.Add(role);
            roles.Add(role);
        }

        foreach (var permission in catalog.All.Where(p => !seeded.Contains(SeededPrefix + p.Name)))
        {
            foreach (var role in roles.Where(r => r.BuiltIn && (r.Name == Roles.Administrator || permission.DefaultRoles.Contains(r.Name!))))
                if (!role.Permissions.Exists(p => p.Permission == permission.Name))
                    role.Permissions.Add(new RolePermission { RoleId = role.Id, Permission = permission.Name });
            db.Add(new SystemValue { Key = SeededPrefix + permission.Name, ChangedAt = time.GetUtcNow() });
        }

        if (!db.ChangeTracker.HasChanges()) return;
        db.Audit(Caller.Portal, "roles.seed");
        await db.SaveChangesAsync(cancellation);
    }
}
