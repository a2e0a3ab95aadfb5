using BlazorAdmin.Data;

namespace BlazorAdmin.Features.Jobs.Schedules;

/// <summary>The schedules as this node applies them, in memory: read again when they change, and now and then as the net.</summary>
public sealed class ScheduleBook(IDbContextFactory<AppDbContext> databases, ScheduleRegistry registry, JobTypes types)
{
    private volatile State _state = new([], []);

    /// <summary>By name.</summary>
    public IReadOnlyList<EffectiveSchedule> All => _state.Schedules;

    public IReadOnlyList<HolidayCalendar> Calendars => _state.Calendars;

    public EffectiveSchedule? Find(string name) => _state.Schedules.FirstOrDefault(s => s.Name == name);

    public async Task ReadAsync(CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        await ReadAsync(db, cancellation);
    }

    /// <summary>The same by a context that has just saved a change.</summary>
    public async Task ReadAsync(AppDbContext db, CancellationToken cancellation)
    {
        var entries = await db.Set<ScheduleEntry>().AsNoTracking().ToDictionaryAsync(e => e.Name, cancellation);
        var calendars = await db.Set<HolidayCalendar>().AsNoTracking().OrderBy(c => c.Name).ToListAsync(cancellation);
        var days = calendars.ToDictionary(c => c.Name, c => HolidayDays.Parse(c.Days, out _));
        var registered = registry.All.Select(s => EffectiveSchedule.Of(s, entries.GetValueOrDefault(s.Name), days));
        // A name that a slice registers later wins over a person's.
        var custom = entries.Values.Where(e => e.IsCustom && registry.Find(e.Name) is null).Select(e => EffectiveSchedule.Of(e, types, days));
        _state = new State([.. registered.Concat(custom).OrderBy(s => s.Name, StringComparer.Ordinal)], calendars);
    }

    private sealed record State(IReadOnlyList<EffectiveSchedule> Schedules, IReadOnlyList<HolidayCalendar> Calendars);
}
