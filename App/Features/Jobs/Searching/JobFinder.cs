using System.Globalization;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Users;
using BlazorAdmin.Security;
using BlazorAdmin.Shell.Lists;

namespace BlazorAdmin.Features.Jobs.Searching;

/// <summary>
/// Finds jobs without ever reading the table: times become ranges of ids, whatever stands in few jobs becomes their ids, and
/// what is left (several common conditions at once) is searched backwards in ranges of ids until the page is full or the
/// time is up; the page then says so and goes on from there.
/// </summary>
public sealed class JobFinder(JobTypes types, TimeProvider time)
{
    /// <summary>Up to here a condition's jobs are named by their ids.</summary>
    internal const int Few = 2000;

    private const string ById = "id";
    private const int MostValues = 12;
    private const int ClosestIds = 500;
    private const int MostNews = 99;

    // Nodes' clocks differ, and a long transaction commits an early time late.
    private static readonly TimeSpan ClockSlack = TimeSpan.FromMinutes(10);

    private static readonly Keyset<Job> Orders = Keyset<Job>.Create(j => j.Id, ById, descending: true).By(ById, j => j.Id);

    internal async Task<JobMatch> ResolveAsync(AppDbContext db, Caller caller, ListQuery query, CancellationToken cancellation)
    {
        var criteria = JobCriteria.Parse(query, types);
        var from = criteria.Within is { } within ? Later(time.GetUtcNow() - within, criteria.CreatedFrom) : criteria.CreatedFrom;
        var match = new JobMatch(
            caller.TenantId, criteria, await ValuesAsync(db, caller.TenantId, criteria.Tests, cancellation), await OwnersAsync(db, caller, criteria.OfOwner, cancellation), null,
            from is { } begin ? await FirstIdAsync(db, begin - ClockSlack, cancellation) : null, criteria.CreatedTo is { } end ? await FirstIdAsync(db, end + ClockSlack, cancellation) + ClosestIds : null,
            from, criteria.CreatedTo);
        return criteria.Id is null ? match with { Ids = await FewAsync(db, match, cancellation) } : match;
    }

    internal async Task<ListPage<JobItem>> PageAsync(AppDbContext db, JobMatch match, ListQuery query, CancellationToken cancellation)
    {
        if (!match.IsDirect) return await SearchAsync(db, match, query, cancellation);
        var parts = match.Parts(db);
        var page = await Orders.Page(db, parts, query, JobItem.Of, cancellation);
        // Counting in the order of ids reads an index too.
        return query.Anchor is null ? page with { Total = await parts.FirstOf(Counting.Limit + 1, part => part.OrderByDescending(j => j.Id)).CountUpTo(cancellation) } : page;
    }

    internal static IQueryable<Job> Ordered(IQueryable<Job> jobs, ListQuery query) => Orders.Ordered(jobs, query);

    /// <summary>One page of what no single index answers: range by range from the cursor on.</summary>
    private async Task<ListPage<JobItem>> SearchAsync(AppDbContext db, JobMatch match, ListQuery query, CancellationToken cancellation)
    {
        var descending = query.Sort != ById || query.Descending;
        var jobs = match.Query(db);
        var (lowest, highest) = await IdRanges.BoundsAsync(db.Set<Job>(), cancellation);
        (lowest, highest) = (match.MinId ?? lowest, Math.Min(match.MaxId ?? highest, highest));
        return await new IdPages<JobItem>(ById, descending, job => job.Id).ReadAsync(
            query, (start, down, count) => IdRanges.SearchAsync(jobs, JobItem.Of, lowest, highest, start, down, count, time, cancellation),
            async anchor => descending ? await jobs.Where(j => j.Id > anchor && j.Id > highest - IdRanges.NewLooked).CountUpTo(MostNews, cancellation) : default);
    }

    /// <summary>About the first id of that time: ids grow with time, so it is found by halving.</summary>
    internal static async Task<long> FirstIdAsync(AppDbContext db, DateTimeOffset at, CancellationToken cancellation)
    {
        var low = await db.Set<Job>().OrderBy(j => j.Id).Select(j => j.Id).FirstOrDefaultAsync(cancellation);
        var high = await db.Set<Job>().OrderByDescending(j => j.Id).Select(j => j.Id).FirstOrDefaultAsync(cancellation);
        while (high - low > ClosestIds)
        {
            var middle = low + (high - low) / 2;
            var there = await db.Set<Job>().Where(j => j.Id >= middle).OrderBy(j => j.Id).Select(j => new { j.Id, j.CreatedAt }).FirstAsync(cancellation);
            if (there.CreatedAt < at) low = there.Id;
            else high = middle;
        }

        return low;
    }

    /// <summary>The jobs of the conditions that few jobs meet; null if there is no such condition.</summary>
    private static async Task<IReadOnlyList<long>?> FewAsync(AppDbContext db, JobMatch match, CancellationToken cancellation)
    {
        HashSet<long>? few = null;
        foreach (var source in Sources(db, match))
        {
            var ids = await source.Take(Few + 1).ToListAsync(cancellation);
            if (ids.Count > Few) continue;
            if (few is null) few = [.. ids];
            else few.IntersectWith(ids);
            if (few.Count == 0) break;
        }

        return few is null ? null : [.. few];
    }

    private static IEnumerable<IQueryable<long>> Sources(AppDbContext db, JobMatch match)
    {
        var (tenant, criteria) = (match.Tenant, match.Criteria);
        foreach (var test in match.Tests.Where(t => t.OrTypes is null))
        {
            var values = test.Values;
            if (values.Count == 0) yield return db.Set<JobField>().Where(f => false).Select(f => f.JobId);
            else if (values.Count == 1) yield return db.Set<JobField>().Where(f => f.TenantId == tenant && f.Name == test.Name && f.Value == values[0]).OrderByDescending(f => f.JobId).Select(f => f.JobId);
            else yield return values.Select(value => db.Set<JobField>().Where(f => f.TenantId == tenant && f.Name == test.Name && f.Value == value).Select(f => f.JobId)).Aggregate(static (a, b) => a.Concat(b));
        }

        if (criteria.InBatch is { } batch) yield return db.Set<Job>().Where(j => j.BatchId == batch).OrderByDescending(j => j.Id).Select(j => j.Id);
        if (criteria.OfParent is { } parent) yield return db.Set<Job>().Where(j => j.ParentId == parent).OrderByDescending(j => j.Id).Select(j => j.Id);
        if (criteria.OfSchedule is { } schedule) yield return db.Set<Job>().Where(j => j.Schedule == schedule).OrderByDescending(j => j.Id).Select(j => j.Id);
        if (match.Owners is { Count: 0 }) yield return db.Set<Job>().Where(j => false).Select(j => j.Id);
        else if (match.Owners is { } owners)
            yield return owners.Select(owner => db.Set<Job>().Where(j => j.TenantId == tenant && j.OwnerId == owner).OrderByDescending(j => j.Id).Take(Few + 1).Select(j => j.Id)).Aggregate(static (a, b) => a.Concat(b));
    }

    /// <summary>Beginnings of words become the words that are there, each found by one step in the index.</summary>
    private static async Task<IReadOnlyList<JobFieldTest>> ValuesAsync(AppDbContext db, Guid tenant, IReadOnlyList<JobFieldTest> tests, CancellationToken cancellation)
    {
        var resolved = new List<JobFieldTest>();
        foreach (var test in tests)
        {
            if (!test.IsPrefix)
            {
                resolved.Add(test);
                continue;
            }

            var prefix = test.Values[0];
            var values = new List<string>();
            var fields = db.Set<JobField>().Where(f => f.TenantId == tenant && f.Name == test.Name);
            var next = await fields.Where(f => string.Compare(f.Value, prefix) >= 0).OrderBy(f => f.Value).Select(f => f.Value).FirstOrDefaultAsync(cancellation);
            // The server's order may put an accented word between two plain ones.
            while (next is not null && values.Count < MostValues && CultureInfo.InvariantCulture.CompareInfo.IsPrefix(next, prefix, CompareOptions.IgnoreNonSpace))
            {
                values.Add(next);
                var last = next;
                next = await fields.Where(f => string.Compare(f.Value, last) > 0).OrderBy(f => f.Value).Select(f => f.Value).FirstOrDefaultAsync(cancellation);
            }

            resolved.Add(test with { Values = values.Count == 0 ? [prefix] : values });
        }

        return resolved;
    }

    private static async Task<IReadOnlyList<Guid>?> OwnersAsync(AppDbContext db, Caller caller, string? owner, CancellationToken cancellation)
    {
        if (owner is null) return null;
        if (owner == JobCriteria.Me) return caller.UserId is { } me ? [me] : [];
        if (Guid.TryParse(owner, out var id)) return [id];
        var text = owner.Trim().ToUpperInvariant();
        return await db.Users.Where(u => u.TenantId == caller.TenantId && (u.NormalizedEmail == text || u.DisplayName.ToUpper().StartsWith(text))).OrderBy(u => u.DisplayName).Take(MostValues)
            .Select(u => u.Id).ToListAsync(cancellation);
    }

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset? b) => b > a ? b.Value : a;
}
