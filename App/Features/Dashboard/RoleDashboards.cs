using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Users;
using BlazorAdmin.Live;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Dashboard;

/// <summary>A role and whether its people begin with a dashboard of its own.</summary>
public sealed record RoleDashboard(Guid RoleId, string Name, bool HasDefault);

/// <summary>The dashboards with which the people of a role begin. A layout grants nothing: everybody sees only the cards they may.</summary>
public sealed class RoleDashboards(Guard guard, IDbContextFactory<AppDbContext> databases, Topic<DashboardChanged> changes, TimeProvider time)
{
    public async Task<IReadOnlyList<RoleDashboard>> ListAsync(CancellationToken cancellation = default)
    {
        var caller = await guard.Require(UsersPermissions.RolesManage, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await db.Roles.AsNoTracking().Where(r => r.TenantId == caller.TenantId).OrderBy(r => r.Name)
            .Select(r => new RoleDashboard(r.Id, r.Name!, db.Set<DashboardBoard>().Any(b => b.RoleId == r.Id))).ToListAsync(cancellation);
    }

    /// <summary>Makes <paramref name="layout"/> the role's default, in place of the one before.</summary>
    public async Task<BoardProblem> SaveAsync(Guid roleId, BoardLayout layout, CancellationToken cancellation = default)
    {
        var caller = await guard.Require(UsersPermissions.RolesManage, cancellation);
        if (layout.Items.Count > BoardLayout.MostItems) return BoardProblem.TooManyWidgets;
        await using var db = await databases.CreateDbContextAsync(cancellation);
        if (await RoleAsync(db, caller, roleId, cancellation) is not { } role) return BoardProblem.Gone;
        var board = await db.Set<DashboardBoard>().FirstOrDefaultAsync(b => b.RoleId == roleId, cancellation);
        if (board is null) db.Add(board = new DashboardBoard { Id = Guid.CreateVersion7(), TenantId = caller.TenantId, RoleId = roleId, Name = role, Layout = "" });
        (board.Layout, board.Version, board.UpdatedAt) = (layout.ToJson(), board.Version + 1, time.GetUtcNow());
        db.Audit(caller, "dashboard.default", "role", roleId, role, new { widgets = layout.Items.Select(item => item.Widget) });
        return await SaveAsync(db, new DashboardChanged(board.Id, null, board.Version), cancellation);
    }

    /// <summary>Takes the role's default back; its people see the built-in one or that of another role again.</summary>
    public async Task<BoardProblem> RemoveAsync(Guid roleId, CancellationToken cancellation = default)
    {
        var caller = await guard.Require(UsersPermissions.RolesManage, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        if (await RoleAsync(db, caller, roleId, cancellation) is not { } role) return BoardProblem.Gone;
        var boards = await db.Set<DashboardBoard>().Where(b => b.RoleId == roleId).ToListAsync(cancellation);
        if (boards.Count == 0) return BoardProblem.Gone;
        db.RemoveRange(boards);
        db.Audit(caller, "dashboard.default_removed", "role", roleId, role);
        return await SaveAsync(db, new DashboardChanged(boards[0].Id, null, 0), cancellation);
    }

    private static Task<string?> RoleAsync(AppDbContext db, Caller caller, Guid roleId, CancellationToken cancellation) =>
        db.Roles.Where(r => r.Id == roleId && r.TenantId == caller.TenantId).Select(r => r.Name).SingleOrDefaultAsync(cancellation);

    private async Task<BoardProblem> SaveAsync(AppDbContext db, DashboardChanged change, CancellationToken cancellation)
    {
        try
        {
            await db.SaveChangesAsync(cancellation);
        }
        catch (DbUpdateConcurrencyException)
        {
            return BoardProblem.Conflict;
        }

        changes.Publish(change);
        return BoardProblem.None;
    }
}
