using BlazorAdmin.Data;
using BlazorAdmin.Features.Account.Factors;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Notifications;
using BlazorAdmin.Features.Users;
using BlazorAdmin.Live;
using BlazorAdmin.Security;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Features.Account.Impersonation;

public enum ImpersonationOutcome
{
    Done,

    /// <summary>Confirm that it is you first.</summary>
    ProofNeeded,

    ReasonMissing,

    /// <summary>No such account, or it is closed.</summary>
    NotFound,

    /// <summary>The caller's own account.</summary>
    Self,

    /// <summary>The person may do something that the caller may not.</summary>
    BeyondOwnRights,
}

/// <param name="Session">The session in which the caller is the other person, if the outcome is <see cref="ImpersonationOutcome.Done"/>.</param>
/// <param name="Return">Leads back to the caller's own session.</param>
public sealed record ImpersonationResult(ImpersonationOutcome Outcome, SignInSession? Session = null, ImpersonationReturn? Return = null);

/// <summary>
/// Lets administrators see the portal as somebody else does, to help them: read only, never with a right that one of the two
/// lacks, for half an hour, audited, and known to the person.
/// </summary>
public sealed class ImpersonationService(
    IDbContextFactory<AppDbContext> databases, Guard guard, CurrentCaller current, FreshProof proof, SessionClock sessions, IOptionsMonitor<SecurityOptions> options,
    Topic<AccessChanged> changes, TimeProvider time)
{
    public const int ShortestReason = 5;
    public const int LongestReason = 300;

    /// <summary>The person's name, for the page that asks for the reason; null if there is nobody to look as.</summary>
    /// <exception cref="ForbiddenException">Without <see cref="UsersPermissions.Impersonate"/>.</exception>
    public async Task<string?> NameAsync(Guid userId, CancellationToken cancellation)
    {
        var caller = await guard.Require(UsersPermissions.Impersonate, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await db.Users.Where(u => u.Id == userId && u.TenantId == caller.TenantId && u.DeactivatedAt == null).Select(u => u.DisplayName).SingleOrDefaultAsync(cancellation);
    }

    /// <summary>Begins. The caller's own session stays open; its cookie is to be replaced by that of the new one.</summary>
    /// <param name="reason">Why, for the audit and the person; <see cref="ShortestReason"/> to <see cref="LongestReason"/> characters.</param>
    /// <exception cref="ForbiddenException">Without <see cref="UsersPermissions.Impersonate"/>; also for somebody who looks as another person already.</exception>
    public async Task<ImpersonationResult> BeginAsync(Guid userId, string reason, SignInPlace place, CancellationToken cancellation)
    {
        var caller = await guard.Require(UsersPermissions.Impersonate, cancellation);
        reason = reason.Trim();
        if (reason.Length is < ShortestReason or > LongestReason || reason.Any(char.IsControl)) return new ImpersonationResult(ImpersonationOutcome.ReasonMissing);
        if (userId == caller.PersonId) return new ImpersonationResult(ImpersonationOutcome.Self);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        if (!await proof.IsFreshAsync(db, caller, cancellation)) return new ImpersonationResult(ImpersonationOutcome.ProofNeeded);
        var user = await db.Users.AsNoTracking().SingleOrDefaultAsync(u => u.Id == userId && u.TenantId == caller.TenantId && u.DeactivatedAt == null, cancellation);
        if (user is null) return new ImpersonationResult(ImpersonationOutcome.NotFound);
        if (!caller.Covers(await UserRights.OfUserAsync(db, userId, cancellation)))
        {
            db.Audit(caller, "users.impersonate", "user", userId, user.DisplayName, new { reason }, outcome: AuditOutcome.Denied);
            await db.SaveChangesAsync(cancellation);
            return new ImpersonationResult(ImpersonationOutcome.BeyondOwnRights);
        }

        var session = sessions.StartLooking(user, caller.PersonId, caller.SessionId!.Value, place.Address, place.UserAgent);
        db.Add(session);
        db.Audit(caller, "users.impersonate", "user", userId, user.DisplayName, new { reason, session = session.Id });
        if (options.CurrentValue.TellImpersonated) db.TellOwner(caller, userId, "ImpersonatedTitle", "ImpersonatedBody", caller.Name, reason);
        await db.SaveChangesAsync(cancellation);
        return new ImpersonationResult(ImpersonationOutcome.Done, session, new ImpersonationReturn(session.Id, caller.SessionId!.Value));
    }

    /// <summary>Ends looking as somebody else, in time or after it.</summary>
    /// <param name="back">From <see cref="BeginAsync"/>, as the portal sealed it; it leads back once. Null: only the session of the caller ends.</param>
    /// <returns>The administrator's own session if it is still open, so that its cookie can be written again; else null.</returns>
    public async Task<SignInSession?> EndAsync(ImpersonationReturn? back, CancellationToken cancellation)
    {
        var caller = await current.GetAsync(cancellation);
        var id = back?.SessionId ?? (caller?.ImpersonatorId is null ? null : caller.SessionId);
        if (id is null) return null;
        var now = time.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var looking = await db.Set<SignInSession>().AsNoTracking().SingleOrDefaultAsync(s => s.Id == id && s.ImpersonatorId != null && s.EndedAt == null, cancellation);
        if (looking is null) return null;
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        // Whoever ends it, ends it once: the way back is taken no second time.
        if (await db.EndSessionsAsync(looking.UserId, s => s.Id == looking.Id, SessionEnd.SignedOut, now, cancellation) == 0) return null;
        db.Audit(caller ?? Caller.Portal with { TenantId = looking.TenantId }, "users.impersonate_end", "user", looking.UserId, detail: new { session = looking.Id }).ActorId = looking.ImpersonatorId;
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        changes.Publish(new AccessChanged(looking.UserId));
        return back is null ? null : await db.Set<SignInSession>().AsNoTracking().SingleOrDefaultAsync(
            s => s.Id == back.OwnSessionId && s.UserId == looking.ImpersonatorId && s.ImpersonatorId == null && s.EndedAt == null && s.ExpiresAt > now, cancellation);
    }
}
