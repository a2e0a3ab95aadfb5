using BlazorAdmin.Data;
using BlazorAdmin.Live;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace BlazorAdmin.Features.Audit;

/// <summary>A new audit row exists.</summary>
public sealed record AuditWritten(string Action);

/// <summary>Tells the Audit tab that rows were committed. Bound to saving, so that no slice has to think of it.</summary>
/// <remarks>The topic is resolved late: its carrier needs the database, whose contexts need this.</remarks>
public sealed class AuditSignal(IServiceProvider services) : SaveChangesInterceptor
{
    private Topic<AuditWritten>? _topic;

    private Topic<AuditWritten> Topic => _topic ??= services.GetRequiredService<Topic<AuditWritten>>();

    /// <summary>Calls <paramref name="changed"/> after rows were written, until disposed.</summary>
    public IDisposable Subscribe(Action changed) => Topic.Subscribe(_ => changed());

    public override InterceptionResult<int> SavingChanges(DbContextEventData eventData, InterceptionResult<int> result)
    {
        Announce(eventData.Context);
        return result;
    }

    public override ValueTask<InterceptionResult<int>> SavingChangesAsync(DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        Announce(eventData.Context);
        return ValueTask.FromResult(result);
    }

    private void Announce(DbContext? context)
    {
        if (context is AppDbContext db && db.ChangeTracker.Entries<AuditEntry>().FirstOrDefault(e => e.State == EntityState.Added) is { } written)
            db.AfterCommit(() => Topic.Publish(new AuditWritten(written.Entity.Action)));
    }
}
