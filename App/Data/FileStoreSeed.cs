using BlazorAdmin.Features.Settings;

namespace BlazorAdmin.Data;

/// <summary>
/// Checks at start that this node sees the file store that belongs to the database: a mark in the folder and the same in
/// the database. A node that looks into a folder of its own would lose sight of everybody else's documents.
/// </summary>
public sealed class FileStoreSeed(DataDirectory data, TimeProvider time) : ISeed
{
    internal const string Key = "files.store";

    /// <summary>The file in the store that says which database it belongs to.</summary>
    internal const string MarkName = ".store";

    private string MarkFile => Path.Combine(data.Files, MarkName);

    public async Task SeedAsync(AppDbContext db, CancellationToken cancellation)
    {
        var known = await db.Set<SystemValue>().AsNoTracking().Where(v => v.Key == Key).Select(v => v.Value).SingleOrDefaultAsync(cancellation);
        var found = File.Exists(MarkFile) ? (await File.ReadAllTextAsync(MarkFile, cancellation)).Trim() : null;
        if (known is null)
        {
            known = found ?? Guid.NewGuid().ToString("N");
            db.Add(new SystemValue { Key = Key, Value = known, ChangedAt = time.GetUtcNow() });
            await db.SaveChangesAsync(cancellation);
            if (found is null) await File.WriteAllTextAsync(MarkFile, known, cancellation);
        }
        else if (known != found)
        {
            throw new StartupException(
                $"The file store {data.Files} is not the one that this database belongs to. Point Files:Directory at the folder that all nodes share; if it was restored without its mark, write {known} into {MarkFile}.");
        }
    }
}
