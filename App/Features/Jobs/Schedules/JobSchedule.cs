using System.Text.Json;
using BlazorAdmin.Data;
using BlazorAdmin.Security;
using BlazorAdmin.Shell;

namespace BlazorAdmin.Features.Jobs.Schedules;

/// <summary>A job that is enqueued by the clock, as a slice registered it; people may change the rules while the portal runs.</summary>
/// <param name="Name"><c>slice.verb</c>; stored with its ticks, so it stays the same.</param>
/// <param name="Type"><see cref="JobTypeAttribute.Name"/>.</param>
/// <param name="Arguments">JSON, for people to read.</param>
/// <param name="Cron">Seconds, minutes, hours, day of month, month, weekday, as Quartz reads it.</param>
/// <param name="TimeZone">IANA name of the zone of the cron expression.</param>
/// <param name="Enqueue">Adds the job of one tick to the context.</param>
public sealed record JobSchedule(string Name, string Type, string Arguments, string Cron, string TimeZone, Func<AppDbContext, DateTimeOffset, EnqueueOptions, Job> Enqueue)
{
    public MissedPolicy Missed { get; init; } = MissedPolicy.Once;

    public OverlapPolicy Overlap { get; init; } = OverlapPolicy.Allow;

    /// <summary><see cref="HolidayCalendar.Name"/>; people make the calendar, and until they did every day counts.</summary>
    public string? Calendar { get; init; }
}

/// <summary>Every schedule that a slice registered.</summary>
public sealed class ScheduleRegistry(IEnumerable<JobSchedule> schedules)
{
    public IReadOnlyList<JobSchedule> All { get; } = [.. schedules.OrderBy(s => s.Name, StringComparer.Ordinal)];

    public JobSchedule? Find(string name) => All.FirstOrDefault(s => s.Name == name);
}

public static class JobScheduleExtensions
{
    /// <summary>Enqueues <paramref name="arguments"/> whenever <paramref name="cron"/> says so: once a tick, however many nodes there are.</summary>
    /// <param name="timeZone">IANA name; UTC by default.</param>
    /// <param name="missed">What becomes of ticks that were due while no node ran.</param>
    /// <param name="overlap">What a tick does while an earlier run goes on.</param>
    /// <param name="calendar">Name of a calendar whose days have no ticks.</param>
    public static Portal Schedule<TArguments>(
        this Portal portal, string name, string cron, TArguments arguments, string timeZone = "UTC",
        MissedPolicy missed = MissedPolicy.Once, OverlapPolicy overlap = OverlapPolicy.Allow, string? calendar = null) where TArguments : class
    {
        portal.Services.AddSingleton(Of(name, cron, arguments, timeZone) with { Missed = missed, Overlap = overlap, Calendar = calendar });
        return portal;
    }

    internal static JobSchedule Of<TArguments>(string name, string cron, TArguments arguments, string timeZone = "UTC") where TArguments : class =>
        new(name, JobType.RulesOf(typeof(TArguments)).Name, JsonSerializer.Serialize(arguments, JsonSerializerOptions.Web), cron, timeZone,
            (db, now, options) => db.Enqueue(arguments, Caller.Portal, now, options));
}
