using System.Linq.Expressions;
using BlazorAdmin.Data;

namespace BlazorAdmin.Security;

public static class SessionEnding
{
    /// <summary>Ends the open sessions of somebody that <paramref name="which"/> names, in the context's transaction. Publish <see cref="AccessChanged"/> after the commit.</summary>
    /// <returns>How many were open.</returns>
    public static async Task<int> EndSessionsAsync(
        this AppDbContext db, Guid userId, Expression<Func<SignInSession, bool>> which, SessionEnd reason, DateTimeOffset now, CancellationToken cancellation)
    {
        var sessions = db.Set<SignInSession>().Where(s => s.UserId == userId).Where(which);
        var own = await EndAsync(db, sessions.Where(s => s.ImpersonatorId == null), reason, now, cancellation);
        var looked = await EndAsync(db, sessions.Where(s => s.ImpersonatorId != null), reason, now, cancellation);
        if (own > 0) await EndLookingAsync(db, userId, reason, now, cancellation);
        return own + looked;
    }

    // Looking as somebody else ends with the very sign-in from which it began.
    private static async Task EndLookingAsync(AppDbContext db, Guid userId, SessionEnd reason, DateTimeOffset now, CancellationToken cancellation)
    {
        var looking = await db.Set<SignInSession>().Where(s => s.ImpersonatorId == userId && s.EndedAt == null).Select(s => s.Id).ToListAsync(cancellation);
        if (looking.Count == 0) return;
        var open = await db.Set<SignInSession>().Where(s => s.UserId == userId && s.ImpersonatorId == null && s.EndedAt == null).Select(s => s.Id).ToListAsync(cancellation);
        var over = looking.Where(id => !open.Exists(session => LookingId.BeganFrom(id, session))).ToList();
        await EndAsync(db, db.Set<SignInSession>().Where(s => over.Contains(s.Id)), reason, now, cancellation);
    }

    private static Task<int> EndAsync(AppDbContext db, IQueryable<SignInSession> sessions, SessionEnd reason, DateTimeOffset now, CancellationToken cancellation) =>
        sessions.Where(s => s.EndedAt == null).ExecuteUpdateAsync(set => set.SetProperty(s => s.EndedAt, now).SetProperty(s => s.EndReason, reason), cancellation);
}
