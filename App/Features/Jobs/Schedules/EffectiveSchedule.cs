using System.Reflection;
using System.Text.Json;
using BlazorAdmin.Data;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Jobs.Schedules;

/// <summary>What holds for a schedule now: its code's rules with people's changes over them, or all of it from a person.</summary>
public sealed record EffectiveSchedule
{
    public required string Name { get; init; }

    public required Guid TenantId { get; init; }

    public required string Type { get; init; }

    /// <summary>JSON.</summary>
    public required string Arguments { get; init; }

    public required string Cron { get; init; }

    public required string TimeZone { get; init; }

    public required MissedPolicy Missed { get; init; }

    public required OverlapPolicy Overlap { get; init; }

    public string? Calendar { get; init; }

    /// <summary>Null for one that nobody changed.</summary>
    public ScheduleEntry? Entry { get; init; }

    /// <summary>Null for one that a person made.</summary>
    public JobSchedule? Registered { get; init; }

    /// <summary>Null if it cannot fire; <see cref="Problem"/> says why.</summary>
    public Occurrences? Occurrences { get; init; }

    public HolidayDays Holidays { get; init; } = HolidayDays.None;

    /// <summary>Why it cannot fire, for people.</summary>
    public string? Problem { get; init; }

    /// <summary>Adds the job of one tick to the context.</summary>
    public required Func<AppDbContext, DateTimeOffset, EnqueueOptions, Job> Enqueue { get; init; }

    public bool IsCustom => Registered is null;

    /// <summary>A registered one whose rules a person changed.</summary>
    public bool IsChanged => Registered is not null && Entry is { } e && (e.Cron ?? e.TimeZone ?? e.Calendar ?? (object?)e.Missed ?? e.Overlap) is not null;

    public bool IsPausedAt(DateTimeOffset at) => Entry is { PausedAt: { } since } entry && at >= since && (entry.PausedUntil is not { } until || at < until);

    public bool IsHoliday(DateTimeOffset at) => Occurrences is not null && Holidays.Contains(at, Occurrences.Zone);

    /// <summary>The next <paramref name="count"/> runs after <paramref name="after"/>: without pauses and holidays.</summary>
    public IReadOnlyList<DateTimeOffset> NextRuns(DateTimeOffset after, int count)
    {
        if (Occurrences is null) return [];
        // A calendar may leave out everything there is: then the search ends.
        var from = Entry is { PausedAt: { } since, PausedUntil: { } until } && since <= after && until > after ? until.AddTicks(-1) : after;
        return Entry is { PausedAt: not null, PausedUntil: null } ? [] : [.. Occurrences.Between(from, DateTimeOffset.MaxValue).Take(Occurrences.Most * 10).Where(at => !IsHoliday(at)).Take(count)];
    }

    public static EffectiveSchedule Of(JobSchedule registered, ScheduleEntry? entry, IReadOnlyDictionary<string, HolidayDays> calendars) => new EffectiveSchedule
    {
        Name = registered.Name,
        TenantId = AppDbContext.DefaultTenant,
        Type = registered.Type,
        Arguments = registered.Arguments,
        Cron = entry?.Cron ?? registered.Cron,
        TimeZone = entry?.TimeZone ?? registered.TimeZone,
        Missed = entry?.Missed ?? registered.Missed,
        Overlap = entry?.Overlap ?? registered.Overlap,
        Calendar = (entry?.Calendar ?? registered.Calendar) is { Length: > 0 } calendar ? calendar : null,
        Entry = entry,
        Registered = registered,
        Enqueue = registered.Enqueue,
    }.Complete(calendars, null);

    public static EffectiveSchedule Of(ScheduleEntry entry, JobTypes types, IReadOnlyDictionary<string, HolidayDays> calendars)
    {
        var type = types.Find(entry.Type ?? "");
        var arguments = entry.Arguments ?? "{}";
        string? problem = null;
        var enqueue = type is null ? null : Enqueuer(type, arguments, Caller.Portal with { TenantId = entry.TenantId }, out problem);
        return new EffectiveSchedule
        {
            Name = entry.Name,
            TenantId = entry.TenantId,
            Type = entry.Type ?? "",
            Arguments = arguments,
            Cron = entry.Cron ?? "",
            TimeZone = entry.TimeZone ?? "UTC",
            Missed = entry.Missed ?? MissedPolicy.Once,
            Overlap = entry.Overlap ?? OverlapPolicy.Allow,
            Calendar = entry.Calendar,
            Entry = entry,
            Enqueue = enqueue ?? ((_, _, _) => throw new InvalidOperationException($"Nothing here runs {entry.Type}.")),
        }.Complete(calendars, type is null ? $"No node runs jobs of type '{entry.Type}'." : problem);
    }

    /// <summary>Whether <paramref name="json"/> is what <paramref name="type"/> takes; <paramref name="problem"/> says what is wrong with it.</summary>
    public static object? ReadArguments(JobType type, string json, out string? problem)
    {
        problem = null;
        try
        {
            var read = JsonSerializer.Deserialize(json, type.Arguments, Strict);
            if (read is null) problem = "null";
            return read;
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException or ArgumentException)
        {
            problem = exception.Message;
            return null;
        }
    }

    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    private static Func<AppDbContext, DateTimeOffset, EnqueueOptions, Job>? Enqueuer(JobType type, string json, Caller caller, out string? problem)
    {
        if (ReadArguments(type, json, out problem) is not { } arguments) return null;
        var method = typeof(EffectiveSchedule).GetMethod(nameof(EnqueueAs), BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(type.Arguments);
        return method.CreateDelegate<Func<object, Caller, Func<AppDbContext, DateTimeOffset, EnqueueOptions, Job>>>()(arguments, caller);
    }

    private static Func<AppDbContext, DateTimeOffset, EnqueueOptions, Job> EnqueueAs<TArguments>(object arguments, Caller caller) where TArguments : class =>
        (db, now, options) => db.Enqueue((TArguments)arguments, caller, now, options);

    private EffectiveSchedule Complete(IReadOnlyDictionary<string, HolidayDays> calendars, string? problem)
    {
        var occurrences = Occurrences.TryParse(Cron, TimeZone, out var unreadable);
        problem ??= unreadable is null ? null : unreadable.IsZone ? $"There is no time zone '{TimeZone}'." : unreadable.Reason;
        return this with
        {
            Occurrences = problem is null ? occurrences : null,
            Holidays = Calendar is null ? HolidayDays.None : calendars.GetValueOrDefault(Calendar, HolidayDays.None),
            Problem = problem,
        };
    }
}
