using BlazorAdmin.Data;
using BlazorAdmin.Security;
using BlazorAdmin.Shell;

namespace BlazorAdmin.Features.Users;

/// <summary>With what the people of roles begin.</summary>
internal static class RolePreferences
{
    /// <summary>What the roles of somebody bring together; which of several counts says <see cref="RoleBook"/>.</summary>
    public static async Task<OwnPreferences> OfAsync(AppDbContext db, Guid userId, CancellationToken cancellation)
    {
        var ids = await db.UserRoles.Where(link => link.UserId == userId).Select(link => link.RoleId).ToListAsync(cancellation);
        return (await RoleBook.ReadAsync(db, readAt: 0, cancellation)).Find(ids)?.Defaults ?? OwnPreferences.None;
    }
}
