namespace BlazorAdmin.Features.Jobs.Schedules;

/// <summary>What becomes of the occurrences that are due: the rules for late ones, pauses and holidays, without a database.</summary>
internal static class TickPlan
{
    /// <summary>The newest occurrence is an ordinary tick when it comes no later than this.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromSeconds(60);

    /// <summary>A node that was busy is no outage: what is no later than this is an ordinary tick, newest or not.</summary>
    public static readonly TimeSpan Hiccup = TimeSpan.FromSeconds(5);

    /// <param name="due">In order.</param>
    public static IReadOnlyList<PlannedTick> Of(EffectiveSchedule schedule, IReadOnlyList<DateTimeOffset> due, DateTimeOffset now)
    {
        var plan = due.Select(at => new PlannedTick(at, schedule.IsPausedAt(at) ? TickOutcome.Paused : schedule.IsHoliday(at) ? TickOutcome.Holiday : TickOutcome.Enqueued)).ToList();
        var anyFresh = false;
        for (var i = plan.Count - 1; i >= 0 && IsFresh(i); i--) anyFresh |= plan[i].Outcome == TickOutcome.Enqueued;
        // A fresh tick makes up for those missed before it.
        var mayRun = schedule.Missed switch { MissedPolicy.All => int.MaxValue, MissedPolicy.Once when !anyFresh => 1, _ => 0 };
        for (var i = plan.Count - 1; i >= 0; i--)
        {
            if (plan[i].Outcome != TickOutcome.Enqueued || IsFresh(i)) continue;
            if (mayRun > 0) mayRun--;
            else plan[i] = plan[i] with { Outcome = TickOutcome.Missed };
        }

        return plan;

        bool IsFresh(int i) => plan[i].DueAt >= now - (i == plan.Count - 1 ? Fresh : Hiccup);
    }
}

internal readonly record struct PlannedTick(DateTimeOffset DueAt, TickOutcome Outcome);
