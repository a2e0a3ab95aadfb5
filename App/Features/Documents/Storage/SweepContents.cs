using System.Globalization;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Documents.Reading;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Features.Settings;

namespace BlazorAdmin.Features.Documents.Storage;

/// <summary>Every night: removes bytes that a crash or an attempt that was given up left in the content store.</summary>
[JobType("documents.sweep", Queue = "documents", Priority = 2, MaxAttempts = 3, MaxRunning = 1, TimeoutSeconds = 21_600)]
public sealed record SweepContents;

/// <summary>How far a sweep is.</summary>
/// <param name="After">The hash that was looked at last.</param>
/// <param name="Bytes">Of what was removed.</param>
public sealed record SweepPlace(string After, long Seen, long Removed, long Bytes);

/// <summary>Goes through the store in the order of the hashes, a part at a time, and erases what is old enough and what no row has.</summary>
public sealed class SweepContentsHandler(IDbContextFactory<AppDbContext> databases, IContentStore store, TimeProvider time, ILogger<SweepContentsHandler> log) : IJobHandler<SweepContents>
{
    private const int Part = 500;
    private const int Prefixes = 1 << 16;

    /// <summary>What came in more recently may be on its way into a row.</summary>
    private static readonly TimeSpan Age = TimeSpan.FromDays(1);

    /// <summary>A restore keeps the database of before for a person to go back to, and that one counts on what stood in the store by then.</summary>
    private static readonly TimeSpan KeptAfterRestore = TimeSpan.FromDays(30);

    public async Task RunAsync(SweepContents arguments, JobContext job, CancellationToken cancellation)
    {
        var place = job.Cursor<SweepPlace>() ?? new SweepPlace("", 0, 0, 0);
        var cameAt = await CameAt(cancellation);
        foreach (var part in store.List(place.After).Chunk(Part))
        {
            cancellation.ThrowIfCancellationRequested();
            place = await One(part, cameAt, place, job, cancellation);
            await job.SaveCursorAsync(place, cancellation);
            job.Progress(Math.Min(99, 100.0 * Convert.ToInt32(place.After[..4], 16) / Prefixes), Words(place));
        }
        job.Info(string.Create(CultureInfo.InvariantCulture, $"{place.Seen} files looked at, {place.Removed} removed that nothing had ({place.Bytes / 1e6:0.0} MB)."));
        job.Progress(100, Words(place));
    }

    private async Task<SweepPlace> One(StoredFile[] part, DateTimeOffset cameAt, SweepPlace place, JobContext job, CancellationToken cancel)
    {
        var before = time.GetUtcNow() - Age;
        var old = part.Where(file => file.SavedAt < before && file.SavedAt >= cameAt).ToList();
        await using var db = await databases.CreateDbContextAsync(cancel);
        var used = await db.UsedContents([.. old.Select(file => file.Sha256)], cancel);
        var (removed, bytes) = (0, 0L);
        foreach (var file in old.Where(file => !used.Contains(file.Sha256)))
        {
            try
            {
                // The store looks at the date again: who saves the same bytes in this moment keeps them.
                if (!store.Delete(file.Sha256, Age)) continue;
                removed++;
                bytes += file.Size;
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                DocumentsLog.SweepFailed(log, fault, file.Sha256);
                job.Warn($"A file could not be removed: {fault.Message}");
            }
        }
        return new SweepPlace(part[^1].Sha256, place.Seen + part.Length, place.Removed + removed, place.Bytes + bytes);
    }

    /// <summary>What stood in the store before this is left alone.</summary>
    private async Task<DateTimeOffset> CameAt(CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var came = await db.Set<SystemValue>().Where(v => v.Key == FileStoreSeed.Key).Select(v => (DateTimeOffset?)v.ChangedAt).SingleOrDefaultAsync(cancel);
        return came is { } at && time.GetUtcNow() - at < KeptAfterRestore ? at : DateTimeOffset.MinValue;
    }

    private static string Words(SweepPlace place) => new ReadReason("SweepProgress", place.Seen.ToString(CultureInfo.InvariantCulture), place.Removed.ToString(CultureInfo.InvariantCulture)).ToString();
}
