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
        var holder = db.Set<Job>().AsNoTracking().Where(j => j.Id == held.JobId);
        if (held.Until == UniqueUntil.Started)
        {
            // Held for the transaction: a job that began before the caller's changes are there would not see what it stands for.
            var waits = await holder.Where(j => j.Attempts == 0 && (j.State == JobState.Queued || j.State == JobState.Waiting)).ExecuteUpdateAsync(set => set.SetProperty(j => j.Attempts, 0), cancellation);
            return waits > 0 ? held.JobId : null;
        }
        var state = await holder.Select(j => (JobState?)j.State).SingleOrDefaultAsync(cancellation);
        return state?.IsFinal() == false ? held.JobId : null;
    }

    public static async Task AssignAsync(AppDbContext db, Guid tenant, string key, long job, UniqueUntil until, TimeSpan? period, CancellationToken cancellation)
    {
        DateTimeOffset? expires = period is { } length ? await db.ServerNowAsync(cancellation) + length : null;
        await db.Set<JobUnique>().Where(u => u.TenantId == tenant && u.Key == key).ExecuteUpdateAsync(set => set
            .SetProperty(u => u.JobId, job).SetProperty(u => u.Until, until).SetProperty(u => u.ExpiresAt, expires), cancellation);
    }
}
