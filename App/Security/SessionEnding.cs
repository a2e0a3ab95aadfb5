using System.Linq.Expressions;
using BlazorAdmin.Data;

namespace BlazorAdmin.Security;

public static class SessionEnding
{
    /// <summary>Ends the open sessions of somebody that <paramref name="which"/> names, in the context's transaction. Publish <see cref="AccessChanged"/> after the commit.</summary>
    /// <returns>How many were open.</returns>
    public static Task<int> EndSessionsAsync(
        this AppDbContext db, Guid userId, Expression<Func<SignInSession, bool>> which, SessionEnd reason, DateTimeOffset now, CancellationToken cancellation) =>
        db.Set<SignInSession>().Where(s => s.UserId == userId && s.EndedAt == null).Where(which)
            .ExecuteUpdateAsync(set => set.SetProperty(s => s.EndedAt, now).SetProperty(s => s.EndReason, reason), cancellation);
}
