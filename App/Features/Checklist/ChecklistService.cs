using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Settings;
using BlazorAdmin.Live;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Checklist;

/// <summary>The first-run checklist: how its points stand, and what people say about them.</summary>
public sealed class ChecklistService(IDbContextFactory<AppDbContext> databases, IDatabaseDialect dialect, Guard guard, ChecklistMeasure measure, Topic<ChecklistChanged> changes, TimeProvider time)
{
    /// <param name="address">Of the page that asks: whether it came over TLS is one of the points.</param>
    public async Task<IReadOnlyList<ChecklistRow>> ListAsync(Uri? address, CancellationToken cancellation)
    {
        var caller = await guard.Require(SettingsPermissions.Read, cancellation);
        return await measure.RowsAsync(caller.TenantId, address, cancellation);
    }

    /// <summary>Says that a point which nobody can measure is done.</summary>
    public async Task<ChecklistOutcome> ConfirmAsync(string item, CancellationToken cancellation)
    {
        var caller = await guard.Require(SettingsPermissions.Manage, cancellation);
        if (measure.Find(item) is not { } point) return ChecklistOutcome.NotFound;
        var finding = await point.MeasureAsync(new ChecklistLook(caller.TenantId, null, null), cancellation);
        return finding.CanBeConfirmed ? await MarkAsync(caller, item, dismissed: false, "checklist.confirm", cancellation) : ChecklistOutcome.NotConfirmable;
    }

    /// <summary>Leaves a point as it is and takes it off the dashboard.</summary>
    public async Task<ChecklistOutcome> SetAsideAsync(string item, CancellationToken cancellation)
    {
        var caller = await guard.Require(SettingsPermissions.Manage, cancellation);
        return measure.Find(item) is null ? ChecklistOutcome.NotFound : await MarkAsync(caller, item, dismissed: true, "checklist.set_aside", cancellation);
    }

    /// <summary>Takes a confirmation or setting aside back.</summary>
    public async Task<ChecklistOutcome> TakeBackAsync(string item, CancellationToken cancellation)
    {
        var caller = await guard.Require(SettingsPermissions.Manage, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        if (await db.Set<ChecklistMark>().SingleOrDefaultAsync(m => m.TenantId == caller.TenantId && m.Item == item, cancellation) is not { } mark) return ChecklistOutcome.Unchanged;
        db.Remove(mark);
        db.Audit(caller, "checklist.take_back", "checklist", item, item, new { was = mark.Dismissed ? "set aside" : "confirmed" });
        return await SaveAsync(db, item, cancellation);
    }

    private async Task<ChecklistOutcome> MarkAsync(Caller caller, string item, bool dismissed, string action, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var mark = await db.Set<ChecklistMark>().SingleOrDefaultAsync(m => m.TenantId == caller.TenantId && m.Item == item, cancellation);
        if (mark?.Dismissed == dismissed) return ChecklistOutcome.Unchanged;
        if (mark is null) db.Add(mark = new ChecklistMark { TenantId = caller.TenantId, Item = item });
        (mark.Dismissed, mark.MarkedAt, mark.MarkedBy) = (dismissed, time.GetUtcNow(), caller.PersonId);
        db.Audit(caller, action, "checklist", item, item);
        return await SaveAsync(db, item, cancellation);
    }

    private async Task<ChecklistOutcome> SaveAsync(AppDbContext db, string item, CancellationToken cancellation)
    {
        db.AfterCommit(() => changes.Publish(new ChecklistChanged(item)));
        try
        {
            await db.SaveChangesAsync(cancellation);
            return ChecklistOutcome.Done;
        }
        catch (DbUpdateException exception) when (exception is DbUpdateConcurrencyException || dialect.IsDuplicateKey(exception))
        {
            // Two people at once: it stands as one of them wanted it.
            return ChecklistOutcome.Unchanged;
        }
    }
}
