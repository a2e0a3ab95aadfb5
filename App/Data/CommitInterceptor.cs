using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace BlazorAdmin.Data;

/// <summary>Runs what <see cref="AfterCommitExtensions.AfterCommit"/> registered, once it is committed.</summary>
public sealed class CommitInterceptor(ILogger<CommitInterceptor> log) : DbTransactionInterceptor, ISaveChangesInterceptor
{
    public int SavedChanges(SaveChangesCompletedEventData eventData, int result)
    {
        Run(CommitActions.Find(eventData.Context)?.Saved(eventData.Context!.Database.CurrentTransaction?.TransactionId));
        return result;
    }

    public ValueTask<int> SavedChangesAsync(SaveChangesCompletedEventData eventData, int result, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(SavedChanges(eventData, result));

    public override void TransactionCommitted(DbTransaction transaction, TransactionEndEventData eventData) =>
        Run(CommitActions.Find(eventData.Context)?.Committed(eventData.TransactionId));

    public override Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        TransactionCommitted(transaction, eventData);
        return Task.CompletedTask;
    }

    public override void TransactionRolledBack(DbTransaction transaction, TransactionEndEventData eventData) =>
        CommitActions.Find(eventData.Context)?.RolledBack(eventData.TransactionId);

    public override Task TransactionRolledBackAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        TransactionRolledBack(transaction, eventData);
        return Task.CompletedTask;
    }

    private void Run(IReadOnlyList<Action>? committed)
    {
        foreach (var action in committed ?? [])
        {
            try
            {
                action();
            }
            catch (Exception exception)
            {
                DataLog.AfterCommitFailed(log, exception);
            }
        }
    }
}
