using System.Runtime.CompilerServices;

namespace BlazorAdmin.Data;

/// <summary>What waits for a context's commit. Each action belongs to a transaction as soon as one surrounds it.</summary>
internal sealed class CommitActions
{
    private static readonly ConditionalWeakTable<DbContext, CommitActions> ByContext = [];

    private readonly List<Waiting> _waiting = [];

    private int _lease;

    public static CommitActions Of(DbContext db) => ByContext.GetOrCreateValue(db).For(db);

    public static CommitActions? Find(DbContext? db) => db is not null && ByContext.TryGetValue(db, out var found) ? found.For(db) : null;

    public void Add(Action action, Guid? transaction) => _waiting.Add(new Waiting(action, transaction));

    /// <summary>A save succeeded, within <paramref name="transaction"/> or on its own (null).</summary>
    /// <returns>What is committed by it.</returns>
    public IReadOnlyList<Action> Saved(Guid? transaction)
    {
        if (transaction is null)
        {
            var committed = _waiting.Where(w => w.Transaction is null).Select(w => w.Action).ToList();
            // The rest belongs to transactions that were disposed without a commit: EF tells nobody of those.
            _waiting.Clear();
            return committed;
        }

        for (var i = 0; i < _waiting.Count; i++)
            if (_waiting[i].Transaction is null)
                _waiting[i] = _waiting[i] with { Transaction = transaction };
        return [];
    }

    /// <returns>What <paramref name="transaction"/> committed.</returns>
    public IReadOnlyList<Action> Committed(Guid transaction)
    {
        var committed = _waiting.Where(w => w.Transaction == transaction).Select(w => w.Action).ToList();
        RolledBack(transaction);
        return committed;
    }

    public void RolledBack(Guid transaction) => _waiting.RemoveAll(w => w.Transaction == transaction);

    /// <summary>Contexts come out of a pool: what an earlier user of this one left without a commit never happened.</summary>
    private CommitActions For(DbContext db)
    {
        if (_lease == db.ContextId.Lease) return this;
        _lease = db.ContextId.Lease;
        _waiting.Clear();
        return this;
    }

    private readonly record struct Waiting(Action Action, Guid? Transaction);
}
