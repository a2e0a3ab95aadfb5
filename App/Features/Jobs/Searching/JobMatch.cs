using BlazorAdmin.Data;

namespace BlazorAdmin.Features.Jobs.Searching;

/// <summary>
/// Criteria whose names are looked up: the jobs that they mean, as a query that reads one index in the order of ids. What
/// narrows it most, if that is few jobs, is already their list of ids.
/// </summary>
/// <param name="Owners">Null for any.</param>
/// <param name="Ids">All jobs that can match; null if they are many.</param>
/// <param name="MinId">Below it nothing can match (from the time that was asked for).</param>
internal sealed record JobMatch(
    Guid Tenant, JobCriteria Criteria, IReadOnlyList<JobFieldTest> Tests, IReadOnlyList<Guid>? Owners, IReadOnlyList<long>? Ids, long? MinId, long? MaxId, DateTimeOffset? From, DateTimeOffset? To)
{
    private const int MostBranches = 40;

    /// <summary>True if one index answers in order, or the jobs are few: the work is bounded without further care.</summary>
    public bool IsDirect => Ids is not null || Criteria.Id is not null
        || (Criteria is { InQueue: null, OnNode: null } && Tests.Count == 0 && Sources <= 1 && !(Sources == 1 && (Criteria.InState is not null || Criteria.Types.Count > 0)));

    private int Sources => Of(Owners) + Of(Criteria.InBatch) + Of(Criteria.OfParent) + Of(Criteria.OfSchedule);

    /// <summary>All in one, for what reads everything or a range of ids.</summary>
    public IQueryable<Job> Query(AppDbContext db) => Parts(db).Aggregate(static (first, second) => first.Concat(second));

    /// <summary>Without a common job; each reads one index in the order of ids.</summary>
    public IReadOnlyList<IQueryable<Job>> Parts(AppDbContext db)
    {
        var all = Conditions(db.Set<Job>().AsNoTracking().Where(j => j.TenantId == Tenant), db);
        var (types, state) = (Criteria.Types, Criteria.InState);
        if (Ids is not null || Criteria.Id is not null || types.Count * States(state).Count > MostBranches) return [Plain(all)];
        if (types.Count == 0) return [state is { } one ? all.Where(j => j.State == one) : all];
        // The index begins with type and state: one ordered range of it for each pair.
        return [.. from type in types from s in States(state) select all.Where(j => j.Type == type && j.State == s)];
    }

    /// <summary>The same as one condition, for counting and changing within a few ids.</summary>
    public IQueryable<Job> Plain(AppDbContext db) => Plain(Conditions(db.Set<Job>().Where(j => j.TenantId == Tenant), db));

    private IQueryable<Job> Plain(IQueryable<Job> jobs)
    {
        var types = Criteria.Types;
        if (types.Count == 1) jobs = jobs.Where(j => j.Type == types[0]);
        else if (types.Count > 1) jobs = jobs.Where(j => types.Contains(j.Type));
        return Criteria.InState is { } state ? jobs.Where(j => j.State == state) : jobs;
    }

    private IQueryable<Job> Conditions(IQueryable<Job> jobs, AppDbContext db)
    {
        var tenant = Tenant;
        if (Criteria.Id is { } id) jobs = jobs.Where(j => j.Id == id);
        if (Ids is { } ids) jobs = jobs.Where(j => ids.Contains(j.Id));
        if (MinId is { } min) jobs = jobs.Where(j => j.Id >= min);
        if (MaxId is { } max) jobs = jobs.Where(j => j.Id <= max);
        if (From is { } from) jobs = jobs.Where(j => j.CreatedAt >= from);
        if (To is { } to) jobs = jobs.Where(j => j.CreatedAt < to);
        if (Owners is [var owner]) jobs = jobs.Where(j => j.OwnerId == owner);
        else if (Owners is { } owners) jobs = jobs.Where(j => j.OwnerId != null && owners.Contains(j.OwnerId.Value));
        if (Criteria.InQueue is { } queue) jobs = jobs.Where(j => j.Queue == queue);
        if (Criteria.OnNode is { } node) jobs = jobs.Where(j => j.Node == node);
        if (Criteria.InBatch is { } batch) jobs = jobs.Where(j => j.BatchId == batch);
        if (Criteria.OfParent is { } parent) jobs = jobs.Where(j => j.ParentId == parent);
        if (Criteria.OfSchedule is { } schedule) jobs = jobs.Where(j => j.Schedule == schedule);
        foreach (var test in Tests)
        {
            var (name, values) = (test.Name, test.Values);
            var fields = db.Set<JobField>().Where(f => f.TenantId == tenant && f.Name == name);
            if (values is [var value]) fields = fields.Where(f => f.Value == value);
            else fields = fields.Where(f => values.Contains(f.Value));
            jobs = test.OrTypes is { } types
                ? jobs.Where(j => types.Contains(j.Type) || fields.Any(f => f.JobId == j.Id))
                : jobs.Where(j => fields.Any(f => f.JobId == j.Id));
        }

        return jobs;
    }

    private static IReadOnlyList<JobState> States(JobState? state) => state is { } one ? [one] : Enum.GetValues<JobState>();

    private static int Of(object? source) => source is null ? 0 : 1;
}
