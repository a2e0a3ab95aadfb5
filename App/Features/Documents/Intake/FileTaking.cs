using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Documents.Reading;
using BlazorAdmin.Features.Documents.Duplicates;
using BlazorAdmin.Features.Documents.Storage;
using BlazorAdmin.Features.Users;
using BlazorAdmin.Live;
using BlazorAdmin.Security;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Features.Documents.Intake;

/// <summary>Takes one file of a watched folder: content first, then document, job, audit and the mark of the file in one transaction, then the source is moved.</summary>
public sealed class FileTaking(IDbContextFactory<AppDbContext> databases, IContentStore store, IncomingFiles disk, IOptionsMonitor<ReadingOptions> options, NodeInfo node, TimeProvider time, Topic<DocumentChanged> changes)
{
    /// <summary>Owner and collection of what a folder brings.</summary>
    internal sealed record Target(User Owner, Guid? CollectionId);

    /// <returns>Where the documents go, or what is missing for it.</returns>
    internal static async Task<(Target? Target, WatchFault Fault)> Find(AppDbContext db, WatchedFolder folder, CancellationToken cancel)
    {
        var mail = folder.Owner.Trim().ToUpperInvariant();
        if (await db.Users.AsNoTracking().SingleOrDefaultAsync(u => u.NormalizedEmail == mail && u.DeactivatedAt == null, cancel) is not { } owner) return (null, WatchFault.NoOwner);
        if (folder.Collection.Trim() is not { Length: > 0 } name) return (new Target(owner, null), WatchFault.None);
        var collection = await db.Set<Collections.Collection>().Where(c => c.TenantId == owner.TenantId && c.NormalizedName == name.ToLower()).Select(c => (Guid?)c.Id).SingleOrDefaultAsync(cancel);
        return collection is null ? (null, WatchFault.NoCollection) : (new Target(owner, collection), WatchFault.None);
    }

    /// <summary>Takes the file, or notes why not.</summary>
    /// <returns>True when it became a document (or a version of one).</returns>
    /// <exception cref="DiskFullException">There is no room; nothing was noted, the next look tries again.</exception>
    internal async Task<bool> Take(WatchedFolder folder, Target target, FolderFile file, WatchedFile mark, CancellationToken cancel)
    {
        if (disk.Free() - file.Size < (long)options.CurrentValue.DiskReserveMegabytes << 20) throw new DiskFullException();
        StoredContent stored;
        try
        {
            await using var source = FolderFiles.Open(folder, file);
            stored = await store.Save(source, options.CurrentValue.MaxFileBytes, cancel);
        }
        catch (ContentTooLargeException)
        {
            await Refuse(mark, "WatchTooLarge", [$"{options.CurrentValue.MaxFileBytes >> 20}"], cancel);
            return false;
        }
        catch (IOException fault) when (DiskFaults.IsFull(fault))
        {
            throw new DiskFullException();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            await Refuse(mark, "WatchUnreadable", [], cancel);
            return false;
        }
        // Written to while it was copied: the next look sees another size or date.
        var isSame = new FileInfo(file.FullPath) is { Exists: true } now && now.Length == file.Size && stored.Size == file.Size;
        if (!isSame || await Commit(folder, target, file, mark, stored, cancel) is not { } taken)
        {
            await Forget(target, stored, cancel);
            return false;
        }
        if (folder.AfterTaking == AfterTaking.Move) Move(folder, file);
        return taken;
    }

    /// <summary>Whether the document that the file became is there still, and not in the bin.</summary>
    internal async Task<bool> HasDocument(WatchedFile mark, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await HasDocument(db, mark, cancel);
    }

    /// <summary>Moves a file that is taken and committed into "done"; an older one of the same name there stays.</summary>
    internal static void Move(WatchedFolder folder, FolderFile file)
    {
        var target = Path.Combine(folder.Path, WatchedFolders.Done, file.Path.Replace('/', Path.DirectorySeparatorChar));
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        for (var number = 2; File.Exists(target); number++)
            target = Path.Combine(Path.GetDirectoryName(target)!, $"{Path.GetFileNameWithoutExtension(file.Path)} ({number}){Path.GetExtension(file.Path)}");
        File.Move(file.FullPath, target);
    }

    internal async Task Refuse(WatchedFile mark, string reason, string[] arguments, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (!await Hold(db, mark, cancel)) return;
        (mark.State, mark.ReasonKey, mark.ReasonArguments, mark.SeenAt) = (WatchedFileState.Refused, reason, arguments.Length == 0 ? null : System.Text.Json.JsonSerializer.Serialize(arguments), time.GetUtcNow());
        db.Update(mark);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
    }

    /// <summary>
    /// Whether the mark stands as it was read; then it is held until the transaction ends. A node whose connection drops has lost the lock
    /// of the folders and does not know it yet, so two may come to the same file.
    /// </summary>
    private async Task<bool> Hold(AppDbContext db, WatchedFile mark, CancellationToken cancel)
    {
        var (id, seen, now) = (mark.Id, mark.SeenAt, time.GetUtcNow());
        return await db.Set<WatchedFile>().Where(f => f.Id == id && f.State == WatchedFileState.Settling && f.SeenAt == seen).ExecuteUpdateAsync(set => set.SetProperty(f => f.SeenAt, now), cancel) > 0;
    }

    /// <returns>True when it became a document, false when only its date changed, null when another node has it.</returns>
    private async Task<bool?> Commit(WatchedFolder folder, Target target, FolderFile file, WatchedFile mark, StoredContent stored, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var caller = Caller.Portal with { TenantId = target.Owner.TenantId };
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (!await Hold(db, mark, cancel)) return null;
        // One whose document is gone was dropped again.
        var sameAsBefore = mark.Sha256 == stored.Sha256 && await HasDocument(db, mark, cancel);
        (mark.State, mark.Size, mark.ModifiedAt, mark.Sha256, mark.SeenAt, mark.ReasonKey, mark.ReasonArguments) = (WatchedFileState.TakenIn, file.Size, file.ModifiedAt, stored.Sha256, now, null, null);
        if (sameAsBefore)
        {
            // Only its date changed.
            db.Update(mark);
            await db.SaveChangesAsync(cancel);
            await transaction.CommitAsync(cancel);
            return false;
        }
        var document = db.AddDocument(caller.TenantId, target.Owner.Id, node, now, file.Path, stored);
        db.Audit(caller, "documents.upload", "document", document.Id, document.Name, new { document.Size, document.Sha256, folder = folder.Name });
        (document.CollectionId, document.Origin, document.OriginPath) = (target.CollectionId, DocumentOrigin.Folder, file.Path);
        // Where files are moved away, the next one of the same name is another document; where they stay, it is the same one, changed.
        if (folder.AfterTaking == AfterTaking.Keep && mark.DocumentId is { } earlier && await db.Set<Document>().Where(d => d.Id == earlier && d.DeletedAt == null).Select(d => (Guid?)d.SeriesId).SingleOrDefaultAsync(cancel) is { } series)
            await Join(db, caller, document, series, cancel);
        mark.DocumentId = document.Id;
        db.Update(mark);
        await db.SaveWithReading(caller, document, now, changes, cancel);
        await transaction.CommitAsync(cancel);
        return true;
    }

    private static async Task Join(AppDbContext db, Caller caller, Document document, Guid series, CancellationToken cancel)
    {
        try
        {
            await DocumentVersions.JoinSeries(db, caller, document, series, cancel);
        }
        catch (DocumentSeriesException)
        {
            // Its newest version went into the bin in this moment: the file becomes a document of its own.
        }
    }

    /// <summary>Has the bytes removed that no document took.</summary>
    private async Task Forget(Target target, StoredContent stored, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        db.EraseUnused(target.Owner.TenantId, [stored.Sha256], time.GetUtcNow());
        await db.SaveChangesAsync(cancel);
    }

    private static async Task<bool> HasDocument(AppDbContext db, WatchedFile mark, CancellationToken cancel) =>
        mark.DocumentId is { } id && await db.Set<Document>().AnyAsync(d => d.Id == id && d.DeletedAt == null, cancel);
}
