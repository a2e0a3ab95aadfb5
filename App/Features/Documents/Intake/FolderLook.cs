using BlazorAdmin.Data;
using BlazorAdmin.Features.Documents.Reading;
using BlazorAdmin.Features.Flags;
using BlazorAdmin.Features.Notifications;
using BlazorAdmin.Live;
using BlazorAdmin.Security;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Features.Documents.Intake;

/// <summary>
/// One look at a watched folder: a file that has stayed the same over two looks and long enough is taken, once; one that has changed since
/// is taken again as a new version. Whoever looks holds the lock of the folders.
/// </summary>
public sealed class FolderLook(
    IDbContextFactory<AppDbContext> databases, IDatabaseDialect dialect, FileTaking taking, FlagEvaluator flags, IOptionsMonitor<MaintenanceOptions> maintenance, IOptionsMonitor<ReadingOptions> options, NodeInfo node, TimeProvider time,
    Topic<WatchChanged> changes, ILogger<FolderLook> log)
{
    private const int Batch = 500;
    private static readonly string[] Told = [Roles.Editor, Roles.Administrator];

    /// <returns>How many files became documents.</returns>
    internal async Task<int> Look(WatchedFolder folder, WatchFault configured, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var before = await WatchStatus.Read(db, folder.Name, cancel);
        var (fault, taken, touched) = configured == WatchFault.None ? await LookInside(db, folder, cancel) : (configured, 0, 0);
        var now = time.GetUtcNow();
        await new WatchStatus(fault, now, node.Name).Write(db, folder.Name, now, cancel);
        if (fault != before.Fault && fault is not (WatchFault.None or WatchFault.Off)) Tell(db, folder, fault);
        await db.SaveChangesAsync(cancel);
        if (taken > 0) IntakeLog.Taken(log, folder.Name, taken);
        if (fault != before.Fault || touched > 0 || before.LookedAt is null) changes.Publish(new WatchChanged(folder.Name));
        return taken;
    }

    private async Task<(WatchFault Fault, int Taken, int Touched)> LookInside(AppDbContext db, WatchedFolder folder, CancellationToken cancel)
    {
        if (!Directory.Exists(folder.Path)) return (WatchFault.Missing, 0, 0);
        var (target, missing) = await FileTaking.Find(db, folder, cancel);
        if (target is null) return (missing, 0, 0);
        if (maintenance.CurrentValue.ReadOnly || !flags.Decide(new FlagPerson(target.Owner.TenantId, target.Owner.Id, System.Collections.Frozen.FrozenSet<string>.Empty), DocumentsFlags.Upload).IsOn) return (WatchFault.Off, 0, 0);
        var (taken, touched) = (0, 0);
        try
        {
            foreach (var files in FolderFiles.List(folder).Chunk(Batch))
            {
                var marks = await Marks(db, folder, target, files, cancel);
                foreach (var file in files)
                {
                    var (took, changed) = await See(folder, target, file, marks.GetValueOrDefault(file.Path), cancel);
                    taken += took ? 1 : 0;
                    touched += changed ? 1 : 0;
                }
            }
            return (WatchFault.None, taken, touched);
        }
        catch (DiskFullException)
        {
            return (WatchFault.DiskFull, taken, touched + taken);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            IntakeLog.TakeFailed(log, fault, folder.Name, "");
            return (Directory.Exists(folder.Path) ? WatchFault.Unreadable : WatchFault.Missing, taken, touched + taken);
        }
    }

    private async Task<(bool Took, bool Changed)> See(WatchedFolder folder, FileTaking.Target target, FolderFile file, WatchedFile? mark, CancellationToken cancel)
    {
        var same = mark is not null && mark.Size == file.Size && mark.ModifiedAt == file.ModifiedAt;
        if (same && mark!.State == WatchedFileState.Refused) return (false, false);
        if (same && mark!.State == WatchedFileState.TakenIn)
        {
            if (folder.AfterTaking == AfterTaking.Keep) return (false, false);
            // Dropped again, with the date that it had, after its document had gone: it is taken again.
            if (!await taking.HasDocument(mark, cancel)) return (false, await Settle(folder, target, file, mark, cancel));
            // Ended between the commit and the move.
            FileTaking.Move(folder, file);
            return (false, false);
        }
        if (!same) return (false, await Settle(folder, target, file, mark, cancel));
        if (time.GetUtcNow() - mark!.SeenAt < TimeSpan.FromSeconds(options.CurrentValue.SettleSeconds)) return (false, false);
        return (await taking.Take(folder, target, file, mark, cancel), true);
    }

    /// <summary>Notes that the file is waited for.</summary>
    /// <returns>False when another node has it.</returns>
    private async Task<bool> Settle(WatchedFolder folder, FileTaking.Target target, FolderFile file, WatchedFile? mark, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        if (mark is null) db.Add(mark = new WatchedFile { Id = Guid.CreateVersion7(time.GetUtcNow()), TenantId = target.Owner.TenantId, Folder = folder.Name, Path = file.Path });
        // Only what is set here is written: what another node wrote of its document stays.
        else db.Attach(mark);
        (mark.Size, mark.ModifiedAt, mark.State, mark.SeenAt, mark.ReasonKey, mark.ReasonArguments) = (file.Size, file.ModifiedAt, WatchedFileState.Settling, time.GetUtcNow(), null, null);
        try
        {
            await db.SaveChangesAsync(cancel);
            return true;
        }
        catch (DbUpdateException fault) when (fault is DbUpdateConcurrencyException || dialect.IsDuplicateKey(fault))
        {
            IntakeLog.MarkedElsewhere(log, file.Path, folder.Name);
            return false;
        }
    }

    private static async Task<Dictionary<string, WatchedFile>> Marks(AppDbContext db, WatchedFolder folder, FileTaking.Target target, FolderFile[] files, CancellationToken cancel)
    {
        var paths = files.Select(file => file.Path).ToList();
        // A database that does not tell upper from lower case may give two for one path: the latest counts.
        return (await db.Set<WatchedFile>().AsNoTracking().Where(f => f.TenantId == target.Owner.TenantId && f.Folder == folder.Name && paths.Contains(f.Path)).OrderBy(f => f.SeenAt).ToListAsync(cancel))
            .GroupBy(f => f.Path, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Last(), StringComparer.Ordinal);
    }

    private void Tell(AppDbContext db, WatchedFolder folder, WatchFault fault)
    {
        IntakeLog.FolderFaulty(log, folder.Name, fault);
        foreach (var role in Told)
            db.Notify(Caller.Portal, Audience.OfRole(role), "documents.folder", NotificationLevel.Warning, NotificationText.Of<IntakeTexts>("NotifyFolder", $"Fault{fault}", folder.Name), WatchService.Route);
    }
}
