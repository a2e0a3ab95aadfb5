using BlazorAdmin.Data;
using BlazorAdmin.Security;
using BlazorAdmin.Shell;

namespace BlazorAdmin.Features.Jobs.Schedules;

/// <summary>A job that is enqueued by the clock.</summary>
/// <param name="Name"><c>slice.verb</c>; stored with its ticks, so it stays the same.</param>
/// <param name="Cron">Seconds, minutes, hours, day of month, month, weekday, as Quartz reads it.</param>
/// <param name="TimeZone">Zone of the cron expression.</param>
/// <param name="Enqueue">Adds the job of one tick to the context.</param>
public sealed record JobSchedule(string Name, string Cron, TimeZoneInfo TimeZone, Func<AppDbContext, DateTimeOffset, Job> Enqueue);

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
    public static Portal Schedule<TArguments>(this Portal portal, string name, string cron, TArguments arguments, string timeZone = "UTC") where TArguments : class
    {
        portal.Services.AddSingleton(Of(name, cron, arguments, timeZone));
        return portal;
    }

    internal static JobSchedule Of<TArguments>(string name, string cron, TArguments arguments, string timeZone = "UTC") where TArguments : class =>
        new(name, cron, TimeZoneInfo.FindSystemTimeZoneById(timeZone), (db, dueAt) =>
            db.Enqueue(arguments, Caller.Portal, dueAt, new EnqueueOptions { Subject = name, IdempotencyKey = $"{name}@{dueAt.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}" }));
}
