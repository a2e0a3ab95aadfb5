using BlazorAdmin.Data;
using BlazorAdmin.Features.Documents.Reading;
using BlazorAdmin.Features.Documents.Storage;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Features.Documents.Intake;

/// <summary>Once an hour, on every node: removes uploads that nobody goes on with, files whose upload is gone, and marks of watched files that are gone with their documents.</summary>
public sealed class UploadCleanUp(IDbContextFactory<AppDbContext> databases, DatabaseState database, IncomingFiles files, IOptionsMonitor<ReadingOptions> options, TimeProvider time, ILogger<UploadCleanUp> log)
    : PeriodicService(database, TimeSpan.FromHours(1), time)
{
    private const int Batch = 500;
    private const int MostBatches = 20;

    /// <summary>Where the next turn goes on with the marks of a folder.</summary>
    private readonly Dictionary<string, Guid> _places = new(StringComparer.Ordinal);

    protected override async Task TickAsync(CancellationToken cancellation)
    {
        if (await RemoveAsync(cancellation) is > 0 and var removed) IntakeLog.UploadsRemoved(log, removed);
        if (await RemoveMarksAsync(cancellation) is > 0 and var marks) IntakeLog.MarksRemoved(log, marks);
    }

    protected override void Report(Exception exception) => IntakeLog.CleanUpFailed(log, exception);

    /// <returns>How many uploads and files were removed.</returns>
    internal async Task<int> RemoveAsync(CancellationToken cancellation)
    {
        var oldest = Time.GetUtcNow().AddHours(-options.CurrentValue.UploadHours);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var removed = 0;
        while (await db.Set<UploadSession>().Where(s => s.TouchedAt < oldest).OrderBy(s => s.TouchedAt).Select(s => s.Id).Take(Batch).ToListAsync(cancellation) is { Count: > 0 } ids)
        {
            // One that is gone on with in this moment is touched again and stays.
            foreach (var id in ids)
            {
                var gone = await db.Set<UploadSession>().Where(s => s.Id == id && s.TouchedAt < oldest).ExecuteDeleteAsync(cancellation);
                if (gone == 0) continue;
                files.Remove(id);
                removed++;
            }
        }
        foreach (var id in files.Unused(oldest))
        {
            if (await db.Set<UploadSession>().AnyAsync(s => s.Id == id, cancellation)) continue;
            files.Remove(id);
            removed++;
        }
        return removed;
    }

    /// <summary>Some thousand marks of each folder a turn. Marks of refused files stay: they say why.</summary>
    /// <returns>How many were removed.</returns>
    internal async Task<int> RemoveMarksAsync(CancellationToken cancellation)
    {
        var removed = 0;
        foreach (var (folder, fault) in WatchedFolders.Read(options))
        {
            // A folder that is not mounted at this moment looks empty.
            if (fault != WatchFault.None || !Directory.Exists(folder.Path) || !Directory.EnumerateFileSystemEntries(folder.Path).Any()) continue;
            for (var i = 0; i < MostBatches; i++)
            {
                var (seen, gone) = await RemoveMarksAsync(folder, cancellation);
                removed += gone;
                if (seen < Batch) break;
            }
        }
        return removed;
    }

    private async Task<(int Seen, int Removed)> RemoveMarksAsync(WatchedFolder folder, CancellationToken cancellation)
    {
        var (place, before) = (_places.GetValueOrDefault(folder.Name), Time.GetUtcNow().AddDays(-1));
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var lost = db.Set<WatchedFile>().Where(f => f.Folder == folder.Name && f.State != WatchedFileState.Refused && f.SeenAt < before && !db.Set<Document>().Any(d => d.Id == f.DocumentId));
        var part = await lost.Where(f => f.Id > place).OrderBy(f => f.Id).Select(f => new { f.Id, f.Path }).Take(Batch).ToListAsync(cancellation);
        _places[folder.Name] = part.Count < Batch ? Guid.Empty : part[^1].Id;
        var gone = part.Where(f => !File.Exists(Path.Combine(folder.Path, f.Path.Replace('/', Path.DirectorySeparatorChar)))).Select(f => f.Id).ToList();
        return (part.Count, gone.Count == 0 ? 0 : await lost.Where(f => gone.Contains(f.Id)).ExecuteDeleteAsync(cancellation));
    }
}
