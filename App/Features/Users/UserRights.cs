using System.Collections.Frozen;
using BlazorAdmin.Data;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Users;

/// <summary>Rules that keep accounts safe from those who manage accounts: nobody gives or takes what they do not hold, and an administrator always remains.</summary>
internal static class UserRights
{
    /// <summary>Name of the lock under which administrators are counted and changed.</summary>
    public const string AdministratorLock = "blazoradmin.administrators";

    /// <summary>Permissions that the roles bring.</summary>
    public static async Task<FrozenSet<string>> OfRolesAsync(AppDbContext db, IEnumerable<Guid> roleIds, CancellationToken cancellation)
    {
        var ids = roleIds.ToList();
        return (await db.Set<RolePermission>().Where(p => ids.Contains(p.RoleId)).Select(p => p.Permission).Distinct().ToListAsync(cancellation)).ToFrozenSet();
    }

    public static async Task<FrozenSet<string>> OfUserAsync(AppDbContext db, Guid userId, CancellationToken cancellation) =>
        (await (from link in db.UserRoles
                join permission in db.Set<RolePermission>() on link.RoleId equals permission.RoleId
                where link.UserId == userId
                select permission.Permission).Distinct().ToListAsync(cancellation)).ToFrozenSet();

    public static bool Covers(this Caller caller, FrozenSet<string> permissions) => caller.IsPortal || permissions.All(caller.May);

    /// <summary>Whoever holds one of these can give themselves the rest, or change what protects the portal.</summary>
    private static readonly string[] Delicate = [UsersPermissions.Manage, UsersPermissions.RolesManage, Settings.SettingsPermissions.Manage];

    /// <summary>True if giving these permissions to somebody asks for a proof of the last minutes.</summary>
    public static bool AreDelicate(IEnumerable<string> permissions) => permissions.Any(Delicate.Contains);

    /// <summary>True if no active administrator but <paramref name="userId"/> is left.</summary>
    public static async Task<bool> IsLastAdministratorAsync(AppDbContext db, Guid userId, CancellationToken cancellation)
    {
        var administrators = await (
            from user in db.Users
            join link in db.UserRoles on user.Id equals link.UserId
            join role in db.Roles on link.RoleId equals role.Id
            where role.BuiltIn && role.Name == Security.Roles.Administrator && user.DeactivatedAt == null
            select user.Id).Distinct().Take(2).ToListAsync(cancellation);
        return administrators is [var only] && only == userId;
    }
}
