using BlazorAdmin.Data;
using BlazorAdmin.Shell.Lists;

namespace BlazorAdmin.Features.Jobs.Operations;

/// <summary>Looks at waiting jobs of a type as the claim does: one short index range for each priority, however many wait for later.</summary>
internal static class ReadyJobs
{
    /// <summary>Those that could start at <paramref name="now"/>; counting stops at 10,000.</summary>
    public static Task<ListTotal> CountDueAsync(AppDbContext db, Guid tenant, string type, DateTimeOffset now, CancellationToken cancellation) =>
        Ranges(db, tenant, type, now).Select(range => range.Take(Counting.Limit + 1).Select(j => j.Id)).Aggregate(Queryable.Concat).CountUpTo(cancellation);

    /// <summary>Since when the longest waiting job could have started; null if none is due.</summary>
    public static async Task<DateTimeOffset?> OldestDueAsync(AppDbContext db, Guid tenant, string type, DateTimeOffset now, CancellationToken cancellation)
    {
        var firsts = await Ranges(db, tenant, type, now).Select(range => range.OrderBy(j => j.DueAt).Take(1).Select(j => j.DueAt)).Aggregate(Queryable.Concat).ToListAsync(cancellation);
        return firsts.Count == 0 ? null : firsts.Min();
    }

    /// <summary>The types that anything waits of, due or not: one step of an index each, however much waits.</summary>
    public static async Task<IReadOnlyList<string>> TypesAsync(AppDbContext db, CancellationToken cancellation)
    {
        var found = new List<string>();
        var waiting = db.Set<Job>().Where(j => j.State == JobState.Queued);
        for (var after = ""; ;)
        {
            // Ordered by the server alone: its order of texts need not be ours.
            var next = await First(waiting.Where(j => j.LimitKey == null)).Concat(First(waiting.Where(j => j.LimitKey != null))).OrderBy(type => type).FirstOrDefaultAsync(cancellation);
            if (next is null) return found;
            found.Add(after = next);

            IQueryable<string> First(IQueryable<Job> half) => half.Where(j => string.Compare(j.Type, after) > 0).OrderBy(j => j.Type).Select(j => j.Type).Take(1);
        }
    }

    private static IEnumerable<IQueryable<Job>> Ranges(AppDbContext db, Guid tenant, string type, DateTimeOffset now)
    {
        var ready = db.Set<Job>().Where(j => j.State == JobState.Queued && j.Type == type && j.DueAt <= now && j.TenantId == tenant);
        return Enumerable.Range(1, 10).Select(priority => ready.Where(j => j.LimitKey == null && j.Priority == priority)).Append(ready.Where(j => j.LimitKey != null));
    }
}
