using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Users;
using BlazorAdmin.Live;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Account;

/// <summary>A sign-in as people see it in their list.</summary>
public sealed record SessionView(Guid Id, DateTimeOffset CreatedAt, DateTimeOffset LastSeenAt, DateTimeOffset ExpiresAt, string? Address, string? UserAgent, bool IsCurrent, SignInMethod Method)
{
    /// <summary>The administrator who looks at the portal as the person; null: the person.</summary>
    public string? Looker { get; init; }
}

/// <summary>Lists and ends sign-ins: one's own, and with <see cref="UsersPermissions.Manage"/> those of others.</summary>
public sealed class SessionService(IDbContextFactory<AppDbContext> databases, Guard guard, CurrentCaller current, Topic<AccessChanged> changes, TimeProvider time)
{
    /// <summary>Ends the caller's own session; does nothing if it is over already.</summary>
    public async Task SignOutAsync(CancellationToken cancellation)
    {
        if (await current.GetAsync(cancellation) is not { SessionId: { } session } caller) return;
        await EndAsync(caller, "account.sign_out", caller.PersonId, caller.Name, s => s.Id == session, SessionEnd.SignedOut, cancellation);
    }

    public async Task<IReadOnlyList<SessionView>> MineAsync(CancellationToken cancellation)
    {
        var caller = await guard.RequireSignedIn(cancellation);
        // Where somebody signs in from is no business of who looks as them; who may know it has the list of users.
        return caller.ImpersonatorId is null ? await ListAsync(caller.PersonId, caller.SessionId, cancellation) : [];
    }

    /// <summary>Ends one of the caller's own sessions.</summary>
    /// <returns>False if there is no such session.</returns>
    public async Task<bool> EndMineAsync(Guid sessionId, CancellationToken cancellation)
    {
        var caller = await guard.RequireChange(cancellation);
        return await EndAsync(caller, "account.end_session", caller.PersonId, caller.Name, s => s.Id == sessionId, SessionEnd.Revoked, cancellation) > 0;
    }

    /// <summary>Ends the caller's sessions but this one.</summary>
    public async Task<int> EndMyOthersAsync(CancellationToken cancellation)
    {
        var caller = await guard.RequireChange(cancellation);
        return await EndAsync(caller, "account.end_sessions", caller.PersonId, caller.Name, s => s.Id != caller.SessionId, SessionEnd.Revoked, cancellation);
    }

    public async Task<IReadOnlyList<SessionView>> OfAsync(Guid userId, CancellationToken cancellation)
    {
        var caller = await guard.Require(UsersPermissions.Manage, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await db.Users.AnyAsync(u => u.Id == userId && u.TenantId == caller.TenantId, cancellation) ? await ListAsync(userId, caller.SessionId, cancellation) : [];
    }

    /// <summary>Ends every session of somebody, or the one with <paramref name="sessionId"/>.</summary>
    /// <returns>How many; null: the person holds permissions that the caller lacks, and nothing was ended.</returns>
    public async Task<int?> EndOfAsync(Guid userId, Guid? sessionId, CancellationToken cancellation)
    {
        var caller = await guard.Require(UsersPermissions.Manage, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var name = await db.Users.Where(u => u.Id == userId && u.TenantId == caller.TenantId).Select(u => u.DisplayName).SingleOrDefaultAsync(cancellation);
        if (name is null) return 0;
        if (!caller.Covers(await UserRights.OfUserAsync(db, userId, cancellation))) return null;
        return await EndAsync(caller, "users.end_sessions", userId, name, s => sessionId == null || s.Id == sessionId, SessionEnd.Revoked, cancellation);
    }

    private async Task<IReadOnlyList<SessionView>> ListAsync(Guid userId, Guid? current, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await db.Set<SignInSession>().AsNoTracking().Where(s => s.UserId == userId && s.EndedAt == null && s.ExpiresAt > now)
            .OrderByDescending(s => s.LastSeenAt).Take(100)
            .Select(s => new SessionView(s.Id, s.CreatedAt, s.LastSeenAt, s.ExpiresAt, s.Address, s.UserAgent, s.Id == current, s.Method)
            {
                Looker = s.ImpersonatorId == null ? null : db.Users.Where(u => u.Id == s.ImpersonatorId).Select(u => u.DisplayName).FirstOrDefault() ?? "",
            }).ToListAsync(cancellation);
    }

    private async Task<int> EndAsync(
        Caller caller, string action, Guid userId, string name, System.Linq.Expressions.Expression<Func<SignInSession, bool>> which, SessionEnd reason, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        var ended = await db.EndSessionsAsync(userId, which, reason, time.GetUtcNow(), cancellation);
        if (ended == 0) return 0;
        db.Audit(caller, action, "user", userId, name, count: ended);
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        changes.Publish(new AccessChanged(userId));
        return ended;
    }
}
