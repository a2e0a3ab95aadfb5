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

    // What covers the occurrence that is due needs no second look: an idle schedule costs no query until its next one has passed.
    private readonly ConcurrentDictionary<string, Run> _known = new(StringComparer.Ordinal);
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
        var found = new List<ScheduleWarning>();
        foreach (var schedule in book.All.Where(s => s.Occurrences is not null && !s.IsPausedAt(now)))
            if (await FindAsync(db, schedule, now, cancellation) is { } warning) found.Add(warning);
        return found;
    }

    private async Task<ScheduleWarning?> FindAsync(AppDbContext db, EffectiveSchedule schedule, DateTimeOffset now, CancellationToken cancellation)
    {
        var name = schedule.Name;
        if (_known.TryGetValue(name, out var known) && (Due(schedule, now, known.Typical) is not { } before || known.Success >= before)) return null;
        var jobs = await db.Set<Job>().Where(j => j.Schedule == name).OrderByDescending(j => j.Id).Take(LookBack)
            .Where(j => j.State == JobState.Succeeded && j.FinishedAt != null && j.StartedAt != null).OrderByDescending(j => j.Id).Take(Typical)
            .Select(j => new { j.StartedAt, j.FinishedAt }).ToListAsync(cancellation);
        var times = jobs.Select(j => j.FinishedAt!.Value - j.StartedAt!.Value).Order().ToList();
        var typical = times.Count == 0 ? TimeSpan.Zero : times[times.Count / 2];
        var success = jobs.Count == 0 ? (DateTimeOffset?)null : jobs.Max(j => j.FinishedAt!.Value);
        if (success is not null) _known[name] = new Run(success.Value, typical);
        if (Due(schedule, now, typical) is not { } due || success >= due) return null;
        var tick = await db.Set<JobTick>().AsNoTracking().SingleOrDefaultAsync(t => t.Schedule == name && t.DueAt == due, cancellation);
        if (tick is { Outcome: TickOutcome.Paused or TickOutcome.Holiday }) return null;
        // Without a tick it may be older than the schedule itself.
        if (tick is null && !await db.Set<JobTick>().AnyAsync(t => t.Schedule == name && t.DueAt < due, cancellation)) return null;
        var interval = (schedule.Occurrences!.Next(due) ?? now) - due;
        return new ScheduleWarning(name, success, interval + typical);
    }

    /// <summary>The occurrence whose run should have succeeded by now; null: none, or a holiday.</summary>
    private static DateTimeOffset? Due(EffectiveSchedule schedule, DateTimeOffset now, TimeSpan typical) =>
        schedule.Occurrences!.Last(now.AddYears(-1), now - typical - Grace, 1, out _) is [var due] && !schedule.IsHoliday(due) ? due : null;

    /// <summary>The last success of a schedule and how long its runs take.</summary>
    private sealed record Run(DateTimeOffset Success, TimeSpan Typical);
}
