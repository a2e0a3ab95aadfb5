using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Live;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Jobs.Schedules;

/// <summary>A calendar as people see it.</summary>
/// <param name="UsedBy">Names of the schedules that keep it.</param>
public sealed record CalendarItem(string Name, string Days, int Count, IReadOnlyList<string> UsedBy);

/// <summary>Days without ticks, which schedules name.</summary>
internal sealed class HolidayCalendars(Guard guard, IDbContextFactory<AppDbContext> databases, IDatabaseDialect dialect, ScheduleBook book, Topic<ScheduleChanged> changes)
{
    private const int NameLength = 100;
    private const int DaysLength = 50_000;
    private const int MostProblems = 5;

    public async Task<IReadOnlyList<CalendarItem>> ListAsync(CancellationToken cancellation = default)
    {
        var caller = await guard.Require(JobsPermissions.Read, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var calendars = await db.Set<HolidayCalendar>().AsNoTracking().Where(c => c.TenantId == caller.TenantId).OrderBy(c => c.Name).ToListAsync(cancellation);
        return [.. calendars.Select(c => new CalendarItem(c.Name, c.Days, HolidayDays.Parse(c.Days, out _).Count, UsedBy(c.Name)))];
    }

    /// <param name="original">Name of the calendar that is changed; null for a new one.</param>
    /// <param name="days">As <see cref="HolidayDays.Parse"/> reads them.</param>
    public async Task<ScheduleResult> SaveAsync(string? original, string name, string days, CancellationToken cancellation = default)
    {
        var caller = await guard.Require(JobsPermissions.Manage, cancellation);
        name = name.Trim();
        var problems = new List<FieldProblem>();
        if (original is null && name.Length is 0 or > NameLength) problems.Add(new("CalendarName", "BadCalendarName", NameLength));
        if (days.Length > DaysLength) problems.Add(new("Days", "LongDays", DaysLength));
        else
        {
            _ = HolidayDays.Parse(days, out var unread);
            problems.AddRange(unread.Take(MostProblems).Select(p => new FieldProblem("Days", $"Day{p.Fault}", p.Line, p.Text)));
        }

        if (problems.Count > 0) return ScheduleResult.Invalid(problems);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var key = original ?? name;
        var calendar = await db.Set<HolidayCalendar>().SingleOrDefaultAsync(c => c.Name == key, cancellation);
        if (original is null && calendar is not null) return Taken(name);
        if (original is not null && calendar?.TenantId != caller.TenantId) return new(ScheduleOutcome.NotFound);
        if (calendar is null) db.Add(new HolidayCalendar { Name = name, TenantId = caller.TenantId, Days = days });
        else calendar.Days = days;
        db.Audit(caller, original is null ? "calendars.create" : "calendars.edit", "calendar", key, key);
        try
        {
            await db.SaveChangesAsync(cancellation);
        }
        catch (DbUpdateException exception) when (original is null && dialect.IsDuplicateKey(exception))
        {
            return Taken(name);
        }

        return await ToldAsync(db, cancellation);

        static ScheduleResult Taken(string name) => ScheduleResult.Invalid(new FieldProblem("CalendarName", "CalendarTaken", name));
    }

    /// <summary>Deletes a calendar that no schedule keeps.</summary>
    public async Task<ScheduleResult> DeleteAsync(string name, CancellationToken cancellation = default)
    {
        var caller = await guard.Require(JobsPermissions.Manage, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        await book.ReadAsync(db, cancellation);
        var calendar = await db.Set<HolidayCalendar>().SingleOrDefaultAsync(c => c.Name == name && c.TenantId == caller.TenantId, cancellation);
        if (calendar is null) return new(ScheduleOutcome.NotFound);
        if (UsedBy(name) is { Count: > 0 } users) return ScheduleResult.Invalid(new FieldProblem("CalendarName", "CalendarInUse", name, string.Join(", ", users)));
        db.Remove(calendar);
        db.Audit(caller, "calendars.delete", "calendar", name, name);
        await db.SaveChangesAsync(cancellation);
        return await ToldAsync(db, cancellation);
    }

    private async Task<ScheduleResult> ToldAsync(AppDbContext db, CancellationToken cancellation)
    {
        await book.ReadAsync(db, cancellation);
        changes.Publish(new ScheduleChanged(null, Rules: true));
        return ScheduleResult.Done;
    }

    private List<string> UsedBy(string name) => [.. book.All.Where(s => s.Calendar == name).Select(s => s.Name)];
}
