using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Backup.Archive;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Backup;

/// <summary>Keeps the list of backups and their audit rows.</summary>
public sealed class BackupRuns(IDbContextFactory<AppDbContext> databases, TimeProvider time)
{
    internal const string Died = "The process ended before the archive was whole.";

    private const int MostError = 2_000;

    /// <summary>Notes that a backup begins. To be called under the lock of the backup: whatever else is said to run has died.</summary>
    public async Task<Guid> BeginAsync(string path, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        await CloseDeadAsync(db, cancellation);
        var run = new BackupRun { Id = Guid.CreateVersion7(time.GetUtcNow()), StartedAt = time.GetUtcNow(), State = BackupState.Running, Path = path };
        db.Add(run);
        await db.SaveChangesAsync(cancellation);
        return run.Id;
    }

    public async Task SucceedAsync(Guid id, long bytes, ArchiveManifest manifest, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        if (await db.Set<BackupRun>().SingleOrDefaultAsync(r => r.Id == id, cancellation) is not { } run) return;
        Close(run, BackupState.Done, null);
        (run.Bytes, run.Rows, run.Files) = (bytes, manifest.Rows, manifest.Files);
        db.Audit(Caller.Portal, "backup.made", "backup", id, Path.GetFileName(run.Path), new { by = "command line", run.Path, rows = manifest.Rows, files = manifest.Files, bytes });
        await db.SaveChangesAsync(cancellation);
    }

    public async Task FailAsync(Guid id, string error)
    {
        await using var db = await databases.CreateDbContextAsync(CancellationToken.None);
        if (await db.Set<BackupRun>().SingleOrDefaultAsync(r => r.Id == id) is not { } run) return;
        Close(run, BackupState.Failed, error);
        db.Audit(Caller.Portal, "backup.made", "backup", id, Path.GetFileName(run.Path), new { by = "command line", error = run.Error }, outcome: AuditOutcome.Failed);
        await db.SaveChangesAsync(CancellationToken.None);
    }

    /// <summary>Notes that a restore into an empty database proved the archive.</summary>
    /// <returns>False if this database knows nothing of the backup.</returns>
    public async Task<bool> VerifyAsync(Guid id, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        if (await db.Set<BackupRun>().SingleOrDefaultAsync(r => r.Id == id, cancellation) is not { } run) return false;
        run.VerifiedAt = time.GetUtcNow();
        db.Audit(Caller.Portal, "backup.verified", "backup", id, Path.GetFileName(run.Path), new { by = "command line" });
        await db.SaveChangesAsync(cancellation);
        return true;
    }

    /// <summary>In a restored database: the run that made the archive was still going on when it was read.</summary>
    internal async Task AdoptAsync(AppDbContext db, ArchiveStart start, ArchiveManifest manifest, string path, long bytes, CancellationToken cancellation)
    {
        if (await db.Set<BackupRun>().SingleOrDefaultAsync(r => r.Id == start.Id, cancellation) is { } own)
        {
            Close(own, BackupState.Done, null);
            (own.Path, own.Bytes, own.Rows, own.Files, own.VerifiedAt) = (path, bytes, manifest.Rows, manifest.Files, time.GetUtcNow());
            await db.SaveChangesAsync(cancellation);
        }

        await CloseDeadAsync(db, cancellation);
        await db.SaveChangesAsync(cancellation);
    }

    private async Task CloseDeadAsync(AppDbContext db, CancellationToken cancellation)
    {
        foreach (var dead in await db.Set<BackupRun>().Where(r => r.State == BackupState.Running).ToListAsync(cancellation)) Close(dead, BackupState.Failed, Died);
    }

    private void Close(BackupRun run, BackupState state, string? error) =>
        (run.State, run.FinishedAt, run.Error) = (state, time.GetUtcNow(), error is { Length: > MostError } ? error[..MostError] : error);
}
