namespace BlazorAdmin.Data;

public static class AfterCommitExtensions
{
    /// <summary>
    /// Runs <paramref name="action"/> once what <paramref name="db"/> is about to save is committed: after the next successful
    /// save, or after the commit of the transaction that surrounds it. Never after a rollback. Meant for telling topics;
    /// it must be short, and what it throws is logged and goes no further, because the commit stands.
    /// </summary>
    /// <remarks>Store-generated ids are known when it runs. Only transactions of <c>db.Database</c> are followed, not ambient ones.</remarks>
    public static void AfterCommit(this AppDbContext db, Action action) => CommitActions.Of(db).Add(action, db.Database.CurrentTransaction?.TransactionId);
}
