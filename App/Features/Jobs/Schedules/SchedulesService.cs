using System.Globalization;
using BlazorAdmin.Data;
using BlazorAdmin.Security;
using BlazorAdmin.Shell.Lists;

namespace BlazorAdmin.Features.Jobs.Schedules;

/// <summary>What people see of schedules.</summary>
internal sealed class SchedulesService(Guard guard, IDbContextFactory<AppDbContext> databases, ScheduleBook book, JobTypes types, ScheduleWarnings warnings, DatabaseClock clock)
{
    public const string StateFilter = "state";
    public const string TypeFilter = "type";
    private const int NextShown = 10;
    private const int HistoryPage = 50;

    /// <summary>Schedules by name. There are few of them, so that the filter works in memory; the cursor is a place in that order.</summary>
    public async Task<ListPage<ScheduleItem>> ListAsync(ListQuery query, CancellationToken cancellation = default)
    {
        var caller = await guard.Require(JobsPermissions.Read, cancellation);
        var items = (await ItemsAsync(caller, book.All, cancellation)).Where(i => Matches(i, query)).ToList();
        if (query.Sort == "next") items = [.. query.Descending ? items.OrderByDescending(i => i.NextAt ?? DateTimeOffset.MinValue) : items.OrderBy(i => i.NextAt ?? DateTimeOffset.MaxValue)];
        else if (query is { Sort: "name", Descending: true }) items.Reverse();
        var start = int.TryParse(query.Cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var at) && at < items.Count ? at : 0;
        var size = Math.Clamp(query.PageSize, 1, ListQuery.LargestPage);
        return new ListPage<ScheduleItem>([.. items.Skip(start).Take(size)])
        {
            Previous = start == 0 ? null : Place(Math.Max(0, start - size)),
            Next = start + size < items.Count ? Place(start + size) : null,
            Total = new ListTotal(items.Count, false),
        };

        static string Place(int at) => at.ToString(CultureInfo.InvariantCulture);
    }

    /// <returns>Null if there is no such schedule for the caller.</returns>
    public async Task<ScheduleDetail?> GetAsync(string name, CancellationToken cancellation = default)
    {
        var caller = await guard.Require(JobsPermissions.Read, cancellation);
        if (book.Find(name) is not { } schedule || (await ItemsAsync(caller, [schedule], cancellation)) is not [var item]) return null;
        return new ScheduleDetail(item, schedule.NextRuns(clock.GetUtcNow(), NextShown), JobArguments.Show(schedule.Arguments, types.Find(schedule.Type)));
    }

    /// <summary>Its ticks, newest first, at most 50.</summary>
    /// <param name="before">Only ticks that were due earlier.</param>
    public async Task<IReadOnlyList<TickItem>> HistoryAsync(string name, DateTimeOffset? before = null, CancellationToken cancellation = default)
    {
        var caller = await guard.Require(JobsPermissions.Read, cancellation);
        if (book.Find(name)?.TenantId != caller.TenantId) return [];
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var ticks = db.Set<JobTick>().AsNoTracking().Where(t => t.Schedule == name);
        if (before is { } earlier) ticks = ticks.Where(t => t.DueAt < earlier);
        var found = await WithJobs(db, ticks.OrderByDescending(t => t.DueAt).Take(HistoryPage)).ToListAsync(cancellation);
        return [.. found.OrderByDescending(t => t.DueAt)];
    }

    /// <summary>The form's starting point for a schedule; null if there is none for the caller.</summary>
    public async Task<ScheduleDraft?> DraftAsync(string name, CancellationToken cancellation = default)
    {
        var caller = await guard.Require(JobsPermissions.Manage, cancellation);
        return book.Find(name) is { } schedule && schedule.TenantId == caller.TenantId ? ScheduleDraft.Of(schedule) : null;
    }

    /// <summary>The next runs by rules that somebody types; empty where they cannot be read.</summary>
    public IReadOnlyList<DateTimeOffset> Preview(string cron, string zone, string calendar)
    {
        if (Occurrences.TryParse(cron, zone, out _) is not { } occurrences) return [];
        var holidays = book.Calendars.FirstOrDefault(c => c.Name == calendar) is { } found ? HolidayDays.Parse(found.Days, out _) : HolidayDays.None;
        return [.. occurrences.Between(clock.GetUtcNow(), DateTimeOffset.MaxValue).Take(Occurrences.Most).Where(at => !holidays.Contains(at, occurrences.Zone)).Take(5)];
    }

    private async Task<List<ScheduleItem>> ItemsAsync(Caller caller, IReadOnlyList<EffectiveSchedule> schedules, CancellationToken cancellation)
    {
        var mine = schedules.Where(s => s.TenantId == caller.TenantId).ToList();
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var names = mine.ConvertAll(s => s.Name);
        // The marks name each schedule once, so that its last tick is one step in the index.
        var newest = await db.Set<ScheduleMark>().Where(m => names.Contains(m.Schedule))
            .Select(m => new { m.Schedule, DueAt = db.Set<JobTick>().Where(t => t.Schedule == m.Schedule).Max(t => (DateTimeOffset?)t.DueAt) }).ToDictionaryAsync(m => m.Schedule, m => m.DueAt, cancellation);
        var last = new Dictionary<string, TickItem>();
        foreach (var (name, dueAt) in newest.Where(n => n.Value is not null))
            if (await WithJobs(db, db.Set<JobTick>().AsNoTracking().Where(t => t.Schedule == name && t.DueAt == dueAt)).FirstOrDefaultAsync(cancellation) is { } tick) last[name] = tick;
        var warned = (await warnings.RecentAsync(cancellation)).ToDictionary(w => w.Schedule);
        var now = clock.GetUtcNow();
        return mine.ConvertAll(s => new ScheduleItem(s, s.NextRuns(now, 1) is [var next] ? next : null, last.GetValueOrDefault(s.Name), warned.GetValueOrDefault(s.Name), s.IsPausedAt(now)));
    }

    private static IQueryable<TickItem> WithJobs(AppDbContext db, IQueryable<JobTick> ticks) =>
        from tick in ticks
        join job in db.Set<Job>() on tick.JobId equals (long?)job.Id into jobs
        from job in jobs.DefaultIfEmpty()
        select new TickItem(tick.DueAt, tick.Outcome, tick.Manual, tick.Node, tick.JobId, job == null ? null : job.State, job == null ? null : job.StartedAt, job == null ? null : job.FinishedAt, job == null ? null : job.Error);

    private static bool Matches(ScheduleItem item, ListQuery query)
    {
        var text = query.Search.Trim();
        if (text.Length > 0 && !item.Rules.Name.Contains(text, StringComparison.OrdinalIgnoreCase) && !item.Rules.Type.Contains(text, StringComparison.OrdinalIgnoreCase)) return false;
        if (query.Filter(TypeFilter) is { } type && item.Rules.Type != type) return false;
        return query.Filter(StateFilter) switch
        {
            "paused" => item.IsPaused,
            "warned" => item.Warning is not null || item.Rules.Problem is not null,
            "custom" => item.Rules.IsCustom,
            _ => true,
        };
    }
}
