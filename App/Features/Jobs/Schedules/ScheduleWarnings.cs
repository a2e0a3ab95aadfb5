using System.Collections.Concurrent;
using BlazorAdmin.Data;

namespace BlazorAdmin.Features.Jobs.Schedules;

/// <summary>A schedule whose jobs have not succeeded for longer than they usually take to come.</summary>
/// <param name="Since">Its last success; null if none is known.</param>
/// <param name="Expected">Its usual interval with the time that its jobs take.</param>
public sealed record ScheduleWarning(string Schedule, DateTimeOffset? Since, TimeSpan Expected);

/// <summary>Finds schedules that are active and bring nothing: every run fails, hangs, or none is made.</summary>
internal sealed class ScheduleWarnings(IDbContextFactory<AppDbContext> databases, IDatabaseDialect dialect, ScheduleBook book, DatabaseClock clock)
{
    /// <summary>Nobody needs to know within this time.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(60);

    /// <summary>How many of its last jobs are looked at.</summary>
    private const int LookBack = 200;

    private const int Typical = 21;

    /// <summary>Schedules that one statement asks for.</summary>
    private const int MostAtOnce = 50;

    /// <summary>What had no reason to warn at an occurrence is not asked for again so soon.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(5);

    // What covers the occurrence that is due needs no second look: an idle schedule costs no query until its next one has passed.
    private readonly ConcurrentDictionary<string, Run> _known = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, (DateTimeOffset Due, long Stamp)> _quiet = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _reading = new(1, 1);
    private (long Stamp, IReadOnlyList<ScheduleWarning> Found)? _last;

    /// <summary>The warnings as they were in the last ten seconds: many may look at them.</summary>
    public async Task<IReadOnlyList<ScheduleWarning>> RecentAsync(CancellationToken cancellation)
    {
        await _reading.WaitAsync(cancellation);
        try
        {
            if (_last is { } last && clock.GetElapsedTime(last.Stamp) < TimeSpan.FromSeconds(10)) return last.Found;
            var found = await FindAsync(cancellation);
            _last = (clock.GetTimestamp(), found);
            return found;
        }
        finally
        {
            _reading.Release();
        }
    }

    /// <summary>
    /// The schedules whose last occurrence but for the time that a run usually takes is later than their last success.
    /// Paused ones, and those that have never had a tick, are left out.
    /// </summary>
    public async Task<IReadOnlyList<ScheduleWarning>> FindAsync(CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var now = await clock.ReadAsync(db, dialect, cancellation);
        // One that nothing is known of is asked for in any case: how long its runs take moves what is due.
        var open = book.All.Where(s => s.Occurrences is not null && !s.IsPausedAt(now) && IsOpen(s, now)).ToList();
        if (open.Count == 0) return [];
        var runs = await RunsAsync(db, open, cancellation);
        var late = new List<Late>();
        foreach (var schedule in open)
        {
            var run = runs.GetValueOrDefault(schedule.Name);
            if (run is not null) _known[schedule.Name] = run;
            if (Due(schedule, now, run?.Typical ?? TimeSpan.Zero) is { } due && !(run?.Success >= due)) late.Add(new Late(schedule, due, run));
        }

        return late.Count == 0 ? [] : await WithTicksAsync(db, late, now, cancellation);
    }

    /// <summary>Whether its last success may not cover what is due by now.</summary>
    private bool IsOpen(EffectiveSchedule schedule, DateTimeOffset now)
    {
        var known = _known.GetValueOrDefault(schedule.Name);
        if (Due(schedule, now, known?.Typical ?? TimeSpan.Zero) is not { } due) return false;
        if (known?.Success >= due) return false;
        return !(_quiet.TryGetValue(schedule.Name, out var quiet) && quiet.Due == due && clock.GetElapsedTime(quiet.Stamp) < Quiet);
    }

    /// <summary>The last success of each and how long its runs take, in one statement.</summary>
    private static async Task<Dictionary<string, Run>> RunsAsync(AppDbContext db, IReadOnlyList<EffectiveSchedule> schedules, CancellationToken cancellation)
    {
        var found = new Dictionary<string, Run>(StringComparer.Ordinal);
        foreach (var some in schedules.Select(s => s.Name).Chunk(MostAtOnce))
        {
            var jobs = await some.Select(name => db.Set<Job>().Where(j => j.Schedule == name).OrderByDescending(j => j.Id).Take(LookBack)
                .Where(j => j.State == JobState.Succeeded && j.FinishedAt != null && j.StartedAt != null).OrderByDescending(j => j.Id).Take(Typical)
                .Select(j => new { j.Schedule, j.StartedAt, j.FinishedAt })).Aggregate(Queryable.Concat).ToListAsync(cancellation);
            foreach (var group in jobs.GroupBy(j => j.Schedule!))
            {
                var times = group.Select(j => j.FinishedAt!.Value - j.StartedAt!.Value).Order().ToList();
                found[group.Key] = new Run(group.Max(j => j.FinishedAt!.Value), times[times.Count / 2]);
            }
        }

        return found;
    }

    /// <summary>Leaves out what had a reason not to run, and what is older than its schedule.</summary>
    private async Task<IReadOnlyList<ScheduleWarning>> WithTicksAsync(AppDbContext db, IReadOnlyList<Late> late, DateTimeOffset now, CancellationToken cancellation)
    {
        var (names, times) = (late.Select(l => l.Schedule.Name).ToList(), late.Select(l => l.Due).Distinct().ToList());
        var ticks = (await db.Set<JobTick>().AsNoTracking().Where(t => names.Contains(t.Schedule) && times.Contains(t.DueAt)).ToListAsync(cancellation)).ToDictionary(t => (t.Schedule, t.DueAt));
        var older = new HashSet<string>(StringComparer.Ordinal);
        // Without a tick the occurrence may be older than the schedule itself.
        foreach (var some in late.Where(l => !ticks.ContainsKey((l.Schedule.Name, l.Due))).Chunk(MostAtOnce))
            older.UnionWith(await some.Select(l => (l.Schedule.Name, l.Due)).Select(l => db.Set<JobTick>().Where(t => t.Schedule == l.Name && t.DueAt < l.Due).Take(1).Select(t => t.Schedule))
                .Aggregate(Queryable.Concat).ToListAsync(cancellation));
        var found = new List<ScheduleWarning>();
        foreach (var (schedule, due, run) in late)
        {
            var tick = ticks.GetValueOrDefault((schedule.Name, due));
            if (tick is { Outcome: TickOutcome.Paused or TickOutcome.Holiday } || (tick is null && !older.Contains(schedule.Name)))
            {
                _quiet[schedule.Name] = (due, clock.GetTimestamp());
                continue;
            }

            found.Add(new ScheduleWarning(schedule.Name, run?.Success, (schedule.Occurrences!.Next(due) ?? now) - due + (run?.Typical ?? TimeSpan.Zero)));
        }

        return found;
    }

    /// <summary>The occurrence whose run should have succeeded by now; null: none, or a holiday.</summary>
    private static DateTimeOffset? Due(EffectiveSchedule schedule, DateTimeOffset now, TimeSpan typical) =>
        schedule.Occurrences!.Last(now.AddYears(-1), now - typical - Grace, 1, out _) is [var due] && !schedule.IsHoliday(due) ? due : null;

    /// <summary>The last success of a schedule and how long its runs take.</summary>
    private sealed record Run(DateTimeOffset Success, TimeSpan Typical);

    /// <param name="Run">Null if none is known.</param>
    private sealed record Late(EffectiveSchedule Schedule, DateTimeOffset Due, Run? Run);
}
