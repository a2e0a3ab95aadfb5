using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;

namespace BlazorAdmin.Tests.Features.Documents;

/// <summary>Two at once: what somebody has not committed yet when a command begins. PostgreSQL says who waits.</summary>
internal static class Meanwhile
{
    /// <summary>Begins the command inside somebody's open transaction, waits until it waits for that one (or ended without waiting), and commits.</summary>
    /// <param name="then">What the somebody does while the command waits.</param>
    public static async Task<T> Commits<T>(DocumentsBench bench, Func<AppDbContext, Task> somebody, Func<Task<T>> command, Func<AppDbContext, Task>? then = null)
    {
        await using var db = bench.Databases.CreateDbContext();
        await using var transaction = await db.Database.BeginTransactionAsync();
        using (AuditScope.EngineOwn()) await somebody(db);
        var running = Task.Run(command);
        await Eventually.Holds(async () => running.IsCompleted || await bench.Query(other => other.Database.SqlQuery<bool>(
            $"SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock') AS \"Value\"").SingleAsync()), because: "the command waits for the other");
        if (then is not null)
        {
            using var own = AuditScope.EngineOwn();
            await then(db);
        }
        await transaction.CommitAsync();
        return await running;
    }
}
