using BlazorAdmin.Data;
using BlazorAdmin.Shell;

namespace BlazorAdmin.Features.Users;

/// <summary>
/// With what the people of roles begin. Of several roles the first that says something counts, in the order of the dashboards: a role
/// of one's own making before a built-in one, then the one with more permissions, then by name.
/// </summary>
internal static class RolePreferences
{
    public static async Task<OwnPreferences> OfAsync(AppDbContext db, Guid userId, CancellationToken cancellation)
    {
        var roles = await (
            from link in db.UserRoles.AsNoTracking()
            join role in db.Roles on link.RoleId equals role.Id
            where link.UserId == userId && (role.DefaultTheme != null || role.DefaultDensity != null || role.DefaultLanguage != null || role.DefaultTimeZone != null)
            orderby role.BuiltIn, role.Permissions.Count descending, role.Name
            select new OwnPreferences(role.DefaultTheme, role.DefaultDensity, role.DefaultLanguage, role.DefaultTimeZone)).ToListAsync(cancellation);
        return roles.Aggregate(OwnPreferences.None, (before, next) => before.Over(next));
    }
}
