using BlazorAdmin.Data;
using BlazorAdmin.Features.Documents.Reading;
using BlazorAdmin.Features.Documents.Storage;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Features.Documents.Intake;

/// <summary>Once an hour, on every node: removes uploads that nobody goes on with, and files whose upload is gone.</summary>
public sealed class UploadCleanUp(IDbContextFactory<AppDbContext> databases, DatabaseState database, IncomingFiles files, IOptionsMonitor<ReadingOptions> options, TimeProvider time, ILogger<UploadCleanUp> log)
    : PeriodicService(database, TimeSpan.FromHours(1), time)
{
    private const int Batch = 500;

    protected override async Task TickAsync(CancellationToken cancellation)
    {
        if (await RemoveAsync(cancellation) is > 0 and var removed) IntakeLog.UploadsRemoved(log, removed);
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
}
