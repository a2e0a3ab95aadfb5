using BlazorAdmin.Data;
using BlazorAdmin.Features.Documents.Reading;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Features.Documents.Intake;

/// <summary>Looks at the watched folders from time to time; of several nodes one at a time. What changed while none looked is found by the next look.</summary>
public sealed class FolderWatch(
    IDbContextFactory<AppDbContext> databases, IDatabaseDialect dialect, DatabaseState database, FolderLook look, IOptionsMonitor<ReadingOptions> options, TimeProvider time, ILogger<FolderWatch> log)
    : PeriodicService(database, TimeSpan.FromSeconds(1), time)
{
    private const string LockName = "blazoradmin.documents.watch";
    private long? _lookedAt;

    protected override async Task TickAsync(CancellationToken cancellation)
    {
        // The pace is a setting that changes while the portal runs.
        if (options.CurrentValue.WatchedFolders.Count == 0 || (_lookedAt is { } last && Time.GetElapsedTime(last) < TimeSpan.FromSeconds(options.CurrentValue.WatchSeconds))) return;
        _lookedAt = Time.GetTimestamp();
        await LookAsync(cancellation);
    }

    protected override void Report(Exception exception) => IntakeLog.WatchFailed(log, exception);

    /// <returns>How many files became documents.</returns>
    internal async Task<int> LookAsync(CancellationToken cancellation)
    {
        await using var holder = await databases.CreateDbContextAsync(cancellation);
        await holder.Database.OpenConnectionAsync(cancellation);
        await using var held = await dialect.LockAsync(holder.Database.GetDbConnection(), LockName, cancellation);
        var taken = 0;
        foreach (var (folder, fault) in WatchedFolders.Read(options))
        {
            // Without a name there is nothing that its state could be kept under.
            if (folder.Name.Length is 0 or > 100) continue;
            try
            {
                taken += await look.Look(folder, fault, cancellation);
            }
            catch (Exception exception) when (!cancellation.IsCancellationRequested)
            {
                // The others are looked at all the same.
                IntakeLog.TakeFailed(log, exception, folder.Name, folder.Path);
            }
        }
        return taken;
    }
}
