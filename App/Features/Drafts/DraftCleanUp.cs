using BlazorAdmin.Data;
using BlazorAdmin.Features.Users;

namespace BlazorAdmin.Features.Drafts;

/// <summary>Once an hour, on every node: removes drafts whose time is over, and those of people who are no more.</summary>
public sealed class DraftCleanUp(IDbContextFactory<AppDbContext> databases, DatabaseState database, TimeProvider time, ILogger<DraftCleanUp> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await database.WhenReady(stoppingToken);
            using var timer = new PeriodicTimer(Interval, time);
            do await TickAsync(stoppingToken);
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The portal stops.
        }
    }

    private async Task TickAsync(CancellationToken cancellation)
    {
        try
        {
            var removed = await RemoveAsync(cancellation);
            if (removed > 0) DraftsLog.CleanedUp(log, removed);
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            DraftsLog.CleanUpFailed(log, exception);
        }
    }

    internal async Task<int> RemoveAsync(CancellationToken cancellation)
    {
        var oldest = time.GetUtcNow() - DraftStore.Lifetime;
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await db.Set<Draft>().Where(d => d.SavedAt < oldest || !db.Set<User>().Any(user => user.Id == d.UserId)).ExecuteDeleteAsync(cancellation);
    }
}
