using BlazorAdmin.Data;
using BlazorAdmin.Features.Account.Factors;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Documents.Storage;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Features.Settings;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Account.PersonalData;

/// <param name="Running">A collection is on its way.</param>
/// <param name="Ready">The one that can be fetched; null: none.</param>
public sealed record ExportState(bool Running, ExportRecord? Ready);

/// <summary>What one can fetch of oneself.</summary>
public sealed class AccountExport(IDbContextFactory<AppDbContext> databases, Guard guard, FreshProof proof, IContentStore store, TimeProvider time)
{
    public const string Page = "/account/data";

    public async Task<ExportState> StateAsync(CancellationToken cancellation)
    {
        var caller = await guard.RequireSignedIn(cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return new ExportState(await IsRunningAsync(db, caller, cancellation), await ReadyAsync(db, caller, cancellation));
    }

    /// <summary>Has everything collected; one collection at a time.</summary>
    /// <returns>False if one is on its way already.</returns>
    public async Task<bool> StartAsync(CancellationToken cancellation)
    {
        var caller = await guard.RequireChange(cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        if (await IsRunningAsync(db, caller, cancellation)) return false;
        db.Enqueue(new ExportAccount(caller.PersonId), caller, time.GetUtcNow());
        db.Audit(caller, "account.export", "user", caller.PersonId);
        await db.SaveChangesAsync(cancellation);
        return true;
    }

    /// <summary>The collection's bytes, for the person alone, who has just confirmed who they are.</summary>
    /// <returns><c>Fresh</c> false: confirm first. No stream: there is none, or its time is over.</returns>
    public async Task<(bool Fresh, Stream? Content)> OpenAsync(CancellationToken cancellation)
    {
        var caller = await guard.RequireChange(cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        if (!await proof.IsFreshAsync(db, caller, cancellation)) return (false, null);
        if (await ReadyAsync(db, caller, cancellation) is not { } ready || !store.Contains(ready.Sha256)) return (true, null);
        db.Audit(caller, "account.export_fetch", "user", caller.PersonId);
        await db.SaveChangesAsync(cancellation);
        return (true, store.OpenRead(ready.Sha256));
    }

    private static Task<bool> IsRunningAsync(AppDbContext db, Caller caller, CancellationToken cancellation) =>
        db.Set<Job>().AnyAsync(j => j.TenantId == caller.TenantId && j.OwnerId == caller.PersonId && j.Type == ExportAccount.Name && (j.State == JobState.Queued || j.State == JobState.Running), cancellation);

    private async Task<ExportRecord?> ReadyAsync(AppDbContext db, Caller caller, CancellationToken cancellation)
    {
        var key = ExportRecord.KeyOf(caller.PersonId);
        var value = await db.Set<SystemValue>().Where(v => v.Key == key).Select(v => v.Value).SingleOrDefaultAsync(cancellation);
        return ExportRecord.Read(value) is { } ready && ready.ExpiresAt > time.GetUtcNow() ? ready : null;
    }
}
