using System.Text.RegularExpressions;

namespace BlazorAdmin.Features.Jobs.Schedules;

/// <summary>A schedule as the form edits it.</summary>
public sealed partial record ScheduleDraft
{
    public const int NameLength = 100;
    private const int CronLength = 200;
    private const int ArgumentsLength = 100_000;

    /// <summary>Null for a new one.</summary>
    public string? Original { get; init; }

    /// <summary>When the entry that the form began with was changed; a later change of somebody else is not overwritten.</summary>
    public DateTimeOffset? ReadAt { get; init; }

    public string Name { get; set; } = "";

    public string Type { get; set; } = "";

    /// <summary>JSON; of custom ones only.</summary>
    public string Arguments { get; set; } = "{}";

    public string Cron { get; set; } = "0 0 3 * * ?";

    public string TimeZone { get; set; } = "UTC";

    public MissedPolicy Missed { get; set; } = MissedPolicy.Once;

    public OverlapPolicy Overlap { get; set; } = OverlapPolicy.Skip;

    /// <summary>Empty for none.</summary>
    public string Calendar { get; set; } = "";

    public bool IsCustom { get; init; } = true;

    public static ScheduleDraft Of(EffectiveSchedule schedule) => new()
    {
        Original = schedule.Name,
        ReadAt = schedule.Entry?.ChangedAt,
        Name = schedule.Name,
        Type = schedule.Type,
        Arguments = schedule.Arguments,
        Cron = schedule.Cron,
        TimeZone = schedule.TimeZone,
        Missed = schedule.Missed,
        Overlap = schedule.Overlap,
        Calendar = schedule.Calendar ?? "",
        IsCustom = schedule.IsCustom,
    };

    /// <summary>What is wrong with it, field by field; empty if nothing is.</summary>
    public IReadOnlyList<FieldProblem> Check(JobTypes types, IReadOnlyList<HolidayCalendar> calendars)
    {
        var problems = new List<FieldProblem>();
        if (IsCustom && Original is null && !NamePattern().IsMatch(Name.Trim())) problems.Add(new(nameof(Name), "BadName", NameLength));
        if (IsCustom)
        {
            if (types.Find(Type) is not { Rules.ByHand: true } type) problems.Add(new(nameof(Type), "BadType"));
            else if (Arguments.Length > ArgumentsLength) problems.Add(new(nameof(Arguments), "LongArguments", ArgumentsLength));
            else if (EffectiveSchedule.ReadArguments(type, Arguments, out var wrong) is null) problems.Add(new(nameof(Arguments), "BadArguments", type.Name, wrong ?? ""));
        }

        problems.AddRange(CheckTime(Cron, TimeZone));
        if (Calendar.Length > 0 && calendars.All(c => c.Name != Calendar)) problems.Add(new(nameof(Calendar), "BadCalendar", Calendar));
        return problems;
    }

    /// <summary>What is wrong with expression and zone: the form asks while somebody types.</summary>
    public static IEnumerable<FieldProblem> CheckTime(string cron, string zone)
    {
        if (cron.Length > CronLength) yield return new(nameof(Cron), "LongCron", CronLength);
        else if (Occurrences.TryParse(cron, "UTC", out var unreadable) is not { } occurrences) yield return new(nameof(Cron), "BadCron", unreadable!.Reason);
        else if (occurrences.Next(DateTimeOffset.UtcNow) is null) yield return new(nameof(Cron), "NeverDue");
        if (string.IsNullOrWhiteSpace(zone) || !TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _)) yield return new(nameof(TimeZone), "BadZone", zone);
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9._-]{0,99}$")]
    private static partial Regex NamePattern();
}
