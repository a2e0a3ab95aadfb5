using BlazorAdmin.Data;
using BlazorAdmin.Features.Users;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Checklist.Items;

/// <summary>One administrator who is ill or has lost the telephone must not lock the installation.</summary>
public sealed class SecondAdministratorItem(IDbContextFactory<AppDbContext> databases) : IChecklistItem
{
    public string Key => "second-administrator";

    public int Order => 50;

    public Type Texts => typeof(ChecklistTexts);

    public string TitleKey => "SecondTitle";

    public async Task<ChecklistFinding> MeasureAsync(ChecklistLook look, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var count = await Administrators(db, look.TenantId).CountAsync(cancellation);
        return new ChecklistFinding(count > 1 ? ChecklistState.Done : ChecklistState.Open, count > 1 ? "SecondDone" : "SecondOpen", count) { Link = "/admin/users" };
    }

    /// <summary>The active accounts with the built-in role.</summary>
    internal static IQueryable<User> Administrators(AppDbContext db, Guid tenantId) =>
        from user in db.Users
        where user.TenantId == tenantId && user.DeactivatedAt == null
            && db.UserRoles.Any(link => link.UserId == user.Id && db.Roles.Any(role => role.Id == link.RoleId && role.BuiltIn && role.Name == Roles.Administrator))
        select user;
}
