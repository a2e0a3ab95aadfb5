using BlazorAdmin.Data;

namespace BlazorAdmin.Features.Jobs.Rules;

/// <summary>Who holds a unique key. Ends of jobs do not touch the keys: whether a holder still keeps others out is asked when the next one comes.</summary>
internal static class JobUniqueKeys
{
    /// <summary>Takes the key for the transaction: of several at once one goes on, the others wait for its end.</summary>
    /// <returns>The job that keeps others out; null if the key is free now and the caller's.</returns>
    public static async Task<long?> TryTakeAsync(AppDbContext db, IDatabaseDialect dialect, Guid tenant, string key, CancellationToken cancellation)
    {
        if (dialect.Provider == DatabaseProvider.Postgres)
        {
            // Waits for a transaction that inserts the same key; updating the row to itself locks it.
            await db.Database.ExecuteSqlAsync($"""
                INSERT INTO "JobUniques" ("TenantId", "Key", "JobId", "Until") VALUES ({tenant}, {key}, 0, 'Finished')
                ON CONFLICT ("TenantId", "Key") DO UPDATE SET "Key" = excluded."Key"
                """, cancellation);
        }
        else
        {
            await db.Database.ExecuteSqlAsync($"""
                IF NOT EXISTS (SELECT 1 FROM JobUniques WITH (UPDLOCK, HOLDLOCK) WHERE TenantId = {tenant} AND [Key] = {key})
                  INSERT INTO JobUniques (TenantId, [Key], JobId, Until) VALUES ({tenant}, {key}, 0, 'Finished');
                """, cancellation);
        }

        // A new statement, so it sees what the one before waited for.
        var held = await db.Set<JobUnique>().AsNoTracking().SingleAsync(u => u.TenantId == tenant && u.Key == key, cancellation);
        if (held.JobId == 0) return null;
        if (held.Until == UniqueUntil.Expired) return held.ExpiresAt > await db.ServerNowAsync(cancellation) ? held.JobId : null;
        var holder = await db.Set<Job>().AsNoTracking().Where(j => j.Id == held.JobId).Select(j => new { j.State, j.Attempts }).SingleOrDefaultAsync(cancellation);
        var keeps = holder is not null && !holder.State.IsFinal() && (held.Until == UniqueUntil.Finished || (holder.State != JobState.Running && holder.Attempts == 0));
        return keeps ? held.JobId : null;
    }

    public static async Task AssignAsync(AppDbContext db, Guid tenant, string key, long job, UniqueUntil until, TimeSpan? period, CancellationToken cancellation)
    {
        DateTimeOffset? expires = period is { } length ? await db.ServerNowAsync(cancellation) + length : null;
        await db.Set<JobUnique>().Where(u => u.TenantId == tenant && u.Key == key).ExecuteUpdateAsync(set => set
            .SetProperty(u => u.JobId, job).SetProperty(u => u.Until, until).SetProperty(u => u.ExpiresAt, expires), cancellation);
    }
}
