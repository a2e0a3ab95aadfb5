using BlazorAdmin.Data;

namespace BlazorAdmin.Features.Jobs.Schedules;

/// <summary>The two locks that schedules take, in the words of each server.</summary>
internal static class ScheduleSql
{
    /// <summary>
    /// Locks the schedule's mark until the transaction ends: whoever holds it decides about the schedule's ticks. Null if
    /// the schedule has none (any more).
    /// </summary>
    public static async Task<HeldMark?> LockMarkAsync(this AppDbContext db, IDatabaseDialect dialect, string schedule, CancellationToken cancellation) =>
        (await db.LockMarksAsync(dialect, [schedule], waits: true, cancellation)).SingleOrDefault();

    /// <summary>Locks several marks at once.</summary>
    /// <param name="waits">False leaves out those that somebody else holds now, who is about to decide the same.</param>
    public static async Task<IReadOnlyList<HeldMark>> LockMarksAsync(this AppDbContext db, IDatabaseDialect dialect, IReadOnlyList<string> schedules, bool waits, CancellationToken cancellation)
    {
        var names = string.Join(", ", schedules.Select((_, i) => $"{{{i}}}"));
        var sql = dialect.Provider == DatabaseProvider.Postgres
            ? $"""
                SELECT m."Schedule", m."HandledUntil", {dialect.UtcNow} AS "Now", e."ChangedAt" FROM "JobScheduleMarks" m
                LEFT JOIN "JobSchedules" e ON e."Name" = m."Schedule" WHERE m."Schedule" IN ({names}) FOR UPDATE OF m{(waits ? "" : " SKIP LOCKED")}
                """
            : $"""
                SELECT m.Schedule, m.HandledUntil, {dialect.UtcNow} AS [Now], e.ChangedAt FROM JobScheduleMarks m WITH (UPDLOCK, ROWLOCK{(waits ? "" : ", READPAST")})
                LEFT JOIN JobSchedules e ON e.Name = m.Schedule WHERE m.Schedule IN ({names})
                """;
        return await db.Database.SqlQueryRaw<HeldMark>(sql, [.. schedules]).ToListAsync(cancellation);
    }

    /// <summary>Locks a job until the transaction ends.</summary>
    /// <returns>Its state; null if it is gone.</returns>
    public static async Task<JobState?> LockJobAsync(this AppDbContext db, IDatabaseDialect dialect, long id, CancellationToken cancellation)
    {
        var sql = dialect.Provider == DatabaseProvider.Postgres
            ? """SELECT "State" AS "Value" FROM "Jobs" WHERE "Id" = {0} FOR UPDATE"""
            : "SELECT State AS [Value] FROM Jobs WITH (UPDLOCK, ROWLOCK) WHERE Id = {0}";
        var states = await db.Database.SqlQueryRaw<string>(sql, id).ToListAsync(cancellation);
        return states is [var state] ? Enum.Parse<JobState>(state) : null;
    }
}

/// <param name="Now">The database's clock.</param>
/// <param name="ChangedAt">Of the schedule's entry as it is now; null without one.</param>
internal sealed record HeldMark(string Schedule, DateTimeOffset HandledUntil, DateTimeOffset Now, DateTimeOffset? ChangedAt);
