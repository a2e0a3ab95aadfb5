using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Documents.Reading;
using BlazorAdmin.Live;
using BlazorAdmin.Security;
using BlazorAdmin.Shell.Lists;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Features.Documents.Intake;

/// <summary>A watched folder as people see it.</summary>
/// <param name="Refused">Files that were not taken.</param>
/// <param name="Settling">Files that are waited for.</param>
public sealed record WatchedFolderView(WatchedFolder Folder, WatchStatus Status, int Taken, int Refused, int Settling);

/// <summary>A file of a watched folder.</summary>
public sealed record WatchedFileRow(Guid Id, string Folder, string Path, long Size, DateTimeOffset ModifiedAt, WatchedFileState State, ReadReason? Reason, Guid? DocumentId, DateTimeOffset SeenAt);

/// <summary>What came of the watched folders, for who may manage everybody's documents. Folders of collections that the caller has no right on are not there.</summary>
public sealed class WatchService(Guard guard, IDbContextFactory<AppDbContext> databases, IOptionsMonitor<ReadingOptions> options, TimeProvider time, Topic<WatchChanged> changes)
{
    public const string Route = "/admin/documents/folders";

    private static readonly Keyset<WatchedFile> Order = Keyset<WatchedFile>.Create(f => f.Id, "seen", descending: true).By("seen", f => f.SeenAt).By("path", f => f.Path);

    public async Task<IReadOnlyList<WatchedFolderView>> Folders(CancellationToken cancel)
    {
        var caller = await guard.Require(DocumentsPermissions.Manage, cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        var folders = new List<WatchedFolderView>();
        foreach (var (folder, fault) in await Visible(db, caller, cancel))
        {
            var counts = await Shown(db, caller).Where(f => f.Folder == folder.Name).GroupBy(f => f.State).Select(g => new { State = g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.State, g => g.Count, cancel);
            var status = await WatchStatus.Read(db, folder.Name, cancel);
            folders.Add(new WatchedFolderView(folder, fault == WatchFault.None ? status : status with { Fault = fault },
                counts.GetValueOrDefault(WatchedFileState.TakenIn), counts.GetValueOrDefault(WatchedFileState.Refused), counts.GetValueOrDefault(WatchedFileState.Settling)));
        }
        return folders;
    }

    public async Task<ListPage<WatchedFileRow>> Files(ListQuery query, CancellationToken cancel)
    {
        var caller = await guard.Require(DocumentsPermissions.Manage, cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        var names = (await Visible(db, caller, cancel)).Select(f => f.Folder.Name).ToList();
        var files = Shown(db, caller).AsNoTracking().Where(f => names.Contains(f.Folder));
        if (query.Filter("folder") is { } folder) files = files.Where(f => f.Folder == folder);
        if (Enum.TryParse<WatchedFileState>(query.Filter("state"), out var state)) files = files.Where(f => f.State == state);
        if (query.Search is { Length: > 0 } text) files = files.Where(f => f.Path.ToLower().Contains(text.ToLower()));
        var page = await Order.Page(db, files, query, f => new WatchedFileRow(
            f.Id, f.Folder, f.Path, f.Size, f.ModifiedAt, f.State, f.ReasonKey == null ? null : DocumentLibrary.Reason(f.ReasonKey, f.ReasonArguments), f.DocumentId, f.SeenAt), cancel);
        return page with { Total = await files.CountUpTo(cancel) };
    }

    /// <summary>Has refused files looked at again.</summary>
    /// <returns>How many there were.</returns>
    public async Task<int> Retry(IReadOnlyCollection<Guid> ids, CancellationToken cancel)
    {
        var caller = await guard.RequireChange(DocumentsPermissions.Manage, cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        var names = (await Visible(db, caller, cancel)).Select(f => f.Folder.Name).ToList();
        var files = await db.Set<WatchedFile>().Where(f => f.TenantId == caller.TenantId && names.Contains(f.Folder) && ids.Contains(f.Id) && f.State == WatchedFileState.Refused).ToListAsync(cancel);
        if (files.Count == 0) return 0;
        foreach (var file in files) (file.State, file.ReasonKey, file.ReasonArguments, file.SeenAt) = (WatchedFileState.Settling, null, null, time.GetUtcNow());
        db.Audit(caller, "documents.watch_again", "folder", files.Count == 1 ? files[0].Folder : null, detail: new { files = files.Select(f => f.Path).Take(100) }, count: files.Count);
        db.AfterCommit(() => changes.Publish(new WatchChanged(files[0].Folder)));
        await db.SaveChangesAsync(cancel);
        return files.Count;
    }

    private async Task<List<(WatchedFolder Folder, WatchFault Fault)>> Visible(AppDbContext db, Caller caller, CancellationToken cancel)
    {
        var open = await db.OpenCollections(caller).Select(c => c.NormalizedName).ToListAsync(cancel);
        return [.. WatchedFolders.Read(options).Where(one => one.Folder.Collection.Trim().ToLowerInvariant() is var name && (name.Length == 0 || open.Contains(name)))];
    }

    /// <summary>Files whose document the caller may see, and those that became none.</summary>
    private static IQueryable<WatchedFile> Shown(AppDbContext db, Caller caller)
    {
        var visible = db.Visible(caller).Select(d => d.Id);
        return db.Set<WatchedFile>().Where(f => f.TenantId == caller.TenantId && (f.DocumentId == null || visible.Contains(f.DocumentId.Value)));
    }
}
