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
        // A session does not say from which of an administrator's own it began: with any of them all looking as somebody else ends.
        if (own > 0) await EndAsync(db, db.Set<SignInSession>().Where(s => s.ImpersonatorId == userId), reason, now, cancellation);
        return own + looked;
    }

    private static Task<int> EndAsync(AppDbContext db, IQueryable<SignInSession> sessions, SessionEnd reason, DateTimeOffset now, CancellationToken cancellation) =>
        sessions.Where(s => s.EndedAt == null).ExecuteUpdateAsync(set => set.SetProperty(s => s.EndedAt, now).SetProperty(s => s.EndReason, reason), cancellation);
}
