using BlazorAdmin.Features.Audit;

namespace BlazorAdmin.Features.Jobs.Schedules;

/// <summary>What becomes of ticks that were due while no node ran.</summary>
public enum MissedPolicy
{
    /// <summary>They are left out.</summary>
    Skip,

    /// <summary>The last of them runs.</summary>
    Once,

    /// <summary>Each of them runs.</summary>
    All,
}

/// <summary>What a tick does while the run of an earlier tick goes on.</summary>
public enum OverlapPolicy
{
    Allow,

    /// <summary>The tick is left out.</summary>
    Skip,

    /// <summary>It starts when the earlier one has ended.</summary>
    Wait,

    /// <summary>The earlier one is cancelled.</summary>
    Replace,
}

/// <summary>
/// What is stored of a schedule: how far its ticks are handled, and what people changed. One that a slice registered has its
/// rules in code, and null here means "as registered"; one that a person made has all of them here.
/// </summary>
public sealed class ScheduleEntry : IAudited
{
    public required string Name { get; set; }

    public Guid TenantId { get; set; }

    /// <summary>Made by a person, not by a slice.</summary>
    public bool IsCustom { get; set; }

    /// <summary><see cref="JobTypeAttribute.Name"/>, of custom ones.</summary>
    public string? Type { get; set; }

    /// <summary>JSON.</summary>
    public string? Arguments { get; set; }

    public string? Cron { get; set; }

    /// <summary>IANA name.</summary>
    public string? TimeZone { get; set; }

    public MissedPolicy? Missed { get; set; }

    public OverlapPolicy? Overlap { get; set; }

    /// <summary><see cref="HolidayCalendar.Name"/>; its days have no ticks.</summary>
    public string? Calendar { get; set; }

    public DateTimeOffset? PausedAt { get; set; }

    public DateTimeOffset? PausedUntil { get; set; }

    public string? PauseReason { get; set; }

    /// <summary>Name of who paused it.</summary>
    public string? PausedBy { get; set; }

    public DateTimeOffset ChangedAt { get; set; }
}

/// <summary>Up to where the ticks of a schedule are handled; apart from the entry, because no person's command changes it.</summary>
public sealed class ScheduleMark
{
    public required string Schedule { get; set; }

    public DateTimeOffset HandledUntil { get; set; }
}

/// <summary>Days without ticks.</summary>
public sealed class HolidayCalendar : IAudited
{
    public required string Name { get; set; }

    public Guid TenantId { get; set; }

    /// <summary>ISO dates, one a line; <c>--12-25</c> for every year; a name may follow.</summary>
    public required string Days { get; set; }
}

public enum TickOutcome
{
    Enqueued,

    /// <summary>An earlier run went on.</summary>
    Overlapped,

    /// <summary>Nobody ran when it was due, and the policy leaves it out.</summary>
    Missed,

    Paused,
    Holiday,
}

/// <summary>A schedule fired: the row makes it happen once, whichever node is first.</summary>
public sealed class JobTick
{
    public required string Schedule { get; set; }

    public DateTimeOffset DueAt { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public string? Node { get; set; }

    public TickOutcome Outcome { get; set; }

    public long? JobId { get; set; }

    /// <summary>Asked for by a person (run now, backfill).</summary>
    public bool Manual { get; set; }
}
