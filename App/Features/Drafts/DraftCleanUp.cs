using BlazorAdmin.Data;
using BlazorAdmin.Features.Users;

namespace BlazorAdmin.Features.Drafts;

/// <summary>Once an hour, on every node: removes drafts whose time is over, and those of people who are no more.</summary>
public sealed class DraftCleanUp(IDbContextFactory<AppDbContext> databases, DatabaseState database, TimeProvider time, ILogger<DraftCleanUp> log)
    : PeriodicService(database, TimeSpan.FromHours(1), time)
{
    protected override async Task TickAsync(CancellationToken cancellation)
    {
        var removed = await RemoveAsync(cancellation);
        if (removed > 0) DraftsLog.CleanedUp(log, removed);
    }

    protected override void Report(Exception exception) => DraftsLog.CleanUpFailed(log, exception);

    internal async Task<int> RemoveAsync(CancellationToken cancellation)
    {
        var oldest = Time.GetUtcNow() - DraftStore.Lifetime;
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await db.Set<Draft>().Where(d => d.SavedAt < oldest || !db.Set<User>().Any(user => user.Id == d.UserId)).ExecuteDeleteAsync(cancellation);
    }
}
