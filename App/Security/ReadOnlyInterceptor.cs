using System.Collections.Frozen;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Drafts;
using BlazorAdmin.Features.Logs;
using BlazorAdmin.Live;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace BlazorAdmin.Security;

/// <summary>Refuses to save what somebody who can only read would change, should a command have forgotten to ask <see cref="Guard"/>.</summary>
public sealed class ReadOnlyInterceptor : SaveChangesInterceptor
{
    // What the portal notes about reading itself.
    private static readonly FrozenSet<Type> Notes = new[]
    {
        typeof(AuditEntry), typeof(AuditActor), typeof(LogEntry), typeof(TraceSpan), typeof(SignInSession), typeof(SignInFailure), typeof(NodeMessage), typeof(CircuitPresence),
    }.ToFrozenSet();

    public override InterceptionResult<int> SavingChanges(DbContextEventData eventData, InterceptionResult<int> result)
    {
        Check(eventData.Context);
        return result;
    }

    public override ValueTask<InterceptionResult<int>> SavingChangesAsync(DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        Check(eventData.Context);
        return ValueTask.FromResult(result);
    }

    private static void Check(DbContext? db)
    {
        if (db is null || ReadOnlyFlow.Current is not { } reason) return;
        if (db.ChangeTracker.Entries().Any(e => e.State is EntityState.Added or EntityState.Modified or EntityState.Deleted && !IsNote(e.Metadata.ClrType, reason)))
            throw new ReadOnlyException(reason);
    }

    // What is typed while the portal is in maintenance must not be lost by it.
    private static bool IsNote(Type entity, ReadOnlyReason reason) => Notes.Contains(entity) || (entity == typeof(Draft) && reason == ReadOnlyReason.Maintenance);
}
