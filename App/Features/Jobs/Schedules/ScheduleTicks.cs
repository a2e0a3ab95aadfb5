using System.Globalization;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Jobs.Bulk;
using BlazorAdmin.Live;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Jobs.Schedules;

/// <summary>
/// Turns occurrences of schedules into ticks and jobs, for every reason by the same path: whatever is due since the schedule's
/// mark, on the database's clock. Mark, ticks and jobs commit together under the mark's lock, so a tick happens once or not
/// at all, however many nodes there are.
/// </summary>
internal sealed class ScheduleTicks(
    IDbContextFactory<AppDbContext> databases, IDatabaseDialect dialect, ScheduleBook book, JobChanger changer, DatabaseClock clock, NodeInfo node,
    Topic<ScheduleChanged> changes, ILogger<ScheduleTicks> log)
{
    private static readonly TimeSpan[] Pauses = [.. new[] { 0.2, 1, 5, 15, 30 }.Select(TimeSpan.FromSeconds)];

    /// <summary>Handles what is due of the schedule now.</summary>
    /// <returns>When it is due next; null if it is not, or does not exist any more.</returns>
    public async Task<DateTimeOffset?> HandleAsync(string name, CancellationToken cancellation)
    {
        var refused = false;
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return (await TryAsync([name], waits: true, refused, cancellation)).GetValueOrDefault(name);
            }
            catch (DbUpdateException exception) when (!refused && dialect.IsDuplicateKey(exception))
            {
                // A tick of a build that knew no marks, or of a mark that was set back: it stands, the others are still due.
                refused = true;
            }
            catch (Exception exception) when (attempt < Pauses.Length && dialect.IsTransient(exception))
            {
                JobsLog.TickDelayed(log, exception, name, clock.GetUtcNow());
                await Task.Delay(Pauses[attempt], clock, cancellation);
            }
        }
    }

    /// <summary>
    /// Handles what is due of several schedules in one transaction. One that another node is just handling is left to it; if
    /// that fails, the next sweep finds it.
    /// </summary>
    /// <returns>When those that were handled are due next.</returns>
    /// <exception cref="Exception">One of them, or the database, failed: nothing is handled.</exception>
    public Task<IReadOnlyDictionary<string, DateTimeOffset?>> HandleAsync(IReadOnlyList<string> names, CancellationToken cancellation) => TryAsync(names, waits: false, lookAtTicks: false, cancellation);

    /// <summary>Schedules of which something is due, for whatever reason it was not handled.</summary>
    public async Task<IReadOnlyList<string>> OverdueAsync(CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var now = await clock.ReadAsync(db, dialect, cancellation);
        var marks = await db.Set<ScheduleMark>().AsNoTracking().ToDictionaryAsync(m => m.Schedule, m => m.HandledUntil, cancellation);
        foreach (var unknown in book.All.Where(s => !marks.ContainsKey(s.Name))) await MarkAsync(unknown.Name, now, cancellation);
        return [.. book.All.Where(s => s.Occurrences is { } occurrences && marks.TryGetValue(s.Name, out var until) && occurrences.Next(until) <= now).Select(s => s.Name)];
    }

    /// <summary>A tick that a person asked for, in their transaction: whatever the pause, the calendar and other runs say.</summary>
    public async Task<Job> RunNowAsync(AppDbContext db, EffectiveSchedule schedule, Caller caller, CancellationToken cancellation)
    {
        var now = await clock.ReadAsync(db, dialect, cancellation);
        // Occurrences are whole seconds, so that no tick of the clock can have this time.
        var dueAt = new DateTimeOffset(now.UtcTicks / TimeSpan.TicksPerMillisecond * TimeSpan.TicksPerMillisecond, TimeSpan.Zero).AddMicroseconds(Random.Shared.Next(1, 1000));
        var job = Enqueue(db, schedule, dueAt, now);
        job.OwnerId = caller.UserId;
        await db.SaveChangesAsync(cancellation);
        db.Add(Tick(schedule, new PlannedTick(dueAt, TickOutcome.Enqueued), now, job.Id, manual: true));
        await db.SaveChangesAsync(cancellation);
        Announce(db, schedule.Name);
        return job;
    }

    /// <summary>Occurrences in a range that have no job and are no holidays, as far as the schedule's ticks are handled.</summary>
    /// <param name="more">True if there are more than <see cref="Occurrences.Most"/>.</param>
    public async Task<IReadOnlyList<DateTimeOffset>> OpenAsync(AppDbContext db, EffectiveSchedule schedule, DateTimeOffset from, DateTimeOffset until, CancellationToken cancellation)
    {
        if (schedule.Occurrences is not { } occurrences) return [];
        var handled = await db.Set<ScheduleMark>().Where(m => m.Schedule == schedule.Name).Select(m => (DateTimeOffset?)m.HandledUntil).SingleOrDefaultAsync(cancellation);
        if (handled is not { } mark) return [];
        var end = until < mark ? until : mark;
        var due = occurrences.Between(from.AddTicks(-1), end).Where(at => !schedule.IsHoliday(at)).Take(Occurrences.Most + 1).ToList();
        if (due.Count == 0) return [];
        var (first, last) = (due[0], due[^1]);
        var done = await db.Set<JobTick>().Where(t => t.Schedule == schedule.Name && t.DueAt >= first && t.DueAt <= last && t.JobId != null).Select(t => t.DueAt).ToListAsync(cancellation);
        return [.. due.Except(done)];
    }

    /// <summary>Runs of <paramref name="due"/> what has no job yet, in the transaction of <paramref name="db"/>.</summary>
    /// <returns>How many were enqueued.</returns>
    public async Task<int> BackfillAsync(AppDbContext db, EffectiveSchedule schedule, IReadOnlyList<DateTimeOffset> due, Guid? owner, CancellationToken cancellation)
    {
        if (due.Count == 0 || await db.LockMarkAsync(dialect, schedule.Name, cancellation) is not { } mark) return 0;
        var (first, last) = (due[0], due[^1]);
        var ticks = await db.Set<JobTick>().Where(t => t.Schedule == schedule.Name && t.DueAt >= first && t.DueAt <= last).ToDictionaryAsync(t => t.DueAt, cancellation);
        var jobs = due.Where(at => ticks.GetValueOrDefault(at)?.JobId is null).Select(at => (DueAt: at, Job: Enqueue(db, schedule, at, mark.Now))).ToList();
        foreach (var (_, job) in jobs) job.OwnerId = owner;
        await db.SaveChangesAsync(cancellation);
        foreach (var (at, job) in jobs)
        {
            if (ticks.TryGetValue(at, out var tick)) (tick.Outcome, tick.JobId, tick.Manual) = (TickOutcome.Enqueued, job.Id, true);
            else db.Add(Tick(schedule, new PlannedTick(at, TickOutcome.Enqueued), mark.Now, job.Id, manual: true));
        }

        await db.SaveChangesAsync(cancellation);
        Announce(db, schedule.Name);
        return jobs.Count;
    }

    /// <summary>From now on the schedule is due by new rules: what the old ones would have brought is settled, and the new ones reach back no further.</summary>
    public async Task<DateTimeOffset> RestartAsync(AppDbContext db, string name, CancellationToken cancellation)
    {
        if (await db.LockMarkAsync(dialect, name, cancellation) is { } held)
        {
            await db.Set<ScheduleMark>().Where(m => m.Schedule == name && m.HandledUntil < held.Now).ExecuteUpdateAsync(set => set.SetProperty(m => m.HandledUntil, held.Now), cancellation);
            return held.Now;
        }

        var now = await clock.ReadAsync(db, dialect, cancellation);
        db.Add(new ScheduleMark { Schedule = name, HandledUntil = now });
        return now;
    }

    private async Task<IReadOnlyDictionary<string, DateTimeOffset?>> TryAsync(IReadOnlyList<string> names, bool waits, bool lookAtTicks, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        var sent = clock.GetTimestamp();
        var held = await db.LockMarksAsync(dialect, names, waits, cancellation);
        if (held.Count > 0) clock.Observe(held[0].Now, sent);
        // Somebody may have changed the rules and this node has not heard of it yet.
        if (held.Any(h => book.Find(h.Schedule)?.Entry?.ChangedAt != h.ChangedAt)) await book.ReadAsync(cancellation);
        var next = new Dictionary<string, DateTimeOffset?>();
        var plans = new List<SchedulePlan>();
        foreach (var mark in held)
        {
            if (book.Find(mark.Schedule) is not { Occurrences: { } occurrences } schedule) continue;
            var due = occurrences.Last(mark.HandledUntil, mark.Now, Occurrences.Most, out var cut);
            next[mark.Schedule] = occurrences.Next(due.Count == 0 ? mark.HandledUntil : due[^1]);
            if (due.Count == 0) continue;
            if (cut) SchedulesLog.TicksLeftOut(log, mark.Schedule, Occurrences.Most, mark.HandledUntil, mark.Now);
            var open = lookAtTicks ? await WithoutTicksAsync(db, mark.Schedule, due, cancellation) : due;
            plans.Add(new SchedulePlan(schedule, mark, due[^1], TickPlan.Of(schedule, open, mark.Now)));
        }

        if (plans.Count == 0) return next;
        await WriteAsync(db, plans, cancellation);
        await transaction.CommitAsync(cancellation);
        return next;
    }

    private async Task WriteAsync(AppDbContext db, List<SchedulePlan> plans, CancellationToken cancellation)
    {
        var asked = plans.Where(p => p.Schedule.Overlap != OverlapPolicy.Allow && p.Ticks.Any(t => t.Outcome == TickOutcome.Enqueued)).Select(p => p.Schedule.Name).ToList();
        var goingOn = await ScheduleOverlap.GoingOnAsync(db, asked, cancellation);
        var written = new List<(SchedulePlan Plan, PlannedTick Tick, Job? Job)>();
        foreach (var plan in plans)
            foreach (var (tick, job) in await EnqueueAsync(db, plan, [.. goingOn[plan.Schedule.Name]], cancellation)) written.Add((plan, tick, job));
        // The jobs' ids stand in the ticks.
        await db.SaveChangesAsync(cancellation);
        foreach (var (plan, tick, job) in written) db.Add(Tick(plan.Schedule, tick, plan.Mark.Now, job?.Id, manual: false));
        foreach (var plan in plans)
        {
            db.Attach(new ScheduleMark { Schedule = plan.Schedule.Name, HandledUntil = plan.Mark.HandledUntil }).Entity.HandledUntil = plan.Until;
            var missed = plan.Ticks.Count(t => t.Outcome == TickOutcome.Missed);
            if (missed > 0) SchedulesLog.TicksMissed(log, plan.Schedule.Name, missed, plan.Ticks.Count(t => t.Outcome == TickOutcome.Enqueued));
            Announce(db, plan.Schedule.Name);
        }

        await db.SaveChangesAsync(cancellation);
    }

    /// <summary>Adds the jobs of one schedule's ticks, each in view of the runs before it.</summary>
    private async Task<List<(PlannedTick Tick, Job? Job)>> EnqueueAsync(AppDbContext db, SchedulePlan plan, List<long> goingOn, CancellationToken cancellation)
    {
        var schedule = plan.Schedule;
        var written = new List<(PlannedTick Tick, Job? Job)>(plan.Ticks.Count);
        for (var i = 0; i < plan.Ticks.Count; i++)
        {
            var tick = plan.Ticks[i];
            if (tick.Outcome != TickOutcome.Enqueued)
            {
                written.Add((tick, null));
            }
            else if (goingOn.Count > 0 && schedule.Overlap == OverlapPolicy.Skip)
            {
                written.Add((tick with { Outcome = TickOutcome.Overlapped }, null));
            }
            else
            {
                if (goingOn.Count > 0 && schedule.Overlap == OverlapPolicy.Replace) await changer.CancelAsync(db, schedule.TenantId, goingOn, cancellation);
                var job = Enqueue(db, schedule, tick.DueAt, plan.Mark.Now);
                if (goingOn.Count > 0 && schedule.Overlap == OverlapPolicy.Wait) await ScheduleOverlap.WaitForAsync(db, dialect, job, goingOn[^1], cancellation);
                written.Add((tick, job));
                if (schedule.Overlap == OverlapPolicy.Allow || i == plan.Ticks.Count - 1) continue;
                await db.SaveChangesAsync(cancellation);
                goingOn = [job.Id];
            }
        }

        return written;
    }

    private static async Task<IReadOnlyList<DateTimeOffset>> WithoutTicksAsync(AppDbContext db, string name, IReadOnlyList<DateTimeOffset> due, CancellationToken cancellation)
    {
        var (first, last) = (due[0], due[^1]);
        var known = await db.Set<JobTick>().Where(t => t.Schedule == name && t.DueAt >= first && t.DueAt <= last).Select(t => t.DueAt).ToListAsync(cancellation);
        return [.. due.Except(known)];
    }

    private async Task MarkAsync(string name, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        db.Add(new ScheduleMark { Schedule = name, HandledUntil = now });
        try
        {
            await db.SaveChangesAsync(cancellation);
        }
        catch (DbUpdateException exception) when (dialect.IsDuplicateKey(exception))
        {
            // Another node was first.
        }
    }

    private static Job Enqueue(AppDbContext db, EffectiveSchedule schedule, DateTimeOffset dueAt, DateTimeOffset now)
    {
        var format = dueAt.UtcTicks % TimeSpan.TicksPerSecond == 0 ? "yyyy-MM-ddTHH:mm:ssZ" : "yyyy-MM-ddTHH:mm:ss.ffffffZ";
        return schedule.Enqueue(db, now, new EnqueueOptions
        {
            Subject = schedule.Name,
            Schedule = schedule.Name,
            IdempotencyKey = $"{schedule.Name}@{dueAt.UtcDateTime.ToString(format, CultureInfo.InvariantCulture)}",
        });
    }

    private JobTick Tick(EffectiveSchedule schedule, PlannedTick tick, DateTimeOffset now, long? job, bool manual) =>
        new() { Schedule = schedule.Name, DueAt = tick.DueAt, CreatedAt = now, Node = node.Name, Outcome = tick.Outcome, JobId = job, Manual = manual };

    private void Announce(AppDbContext db, string name) => db.AfterCommit(() => changes.Publish(new ScheduleChanged(name, Rules: false)));

    /// <param name="Until">The last of its ticks, before those that have one already were left out.</param>
    private sealed record SchedulePlan(EffectiveSchedule Schedule, HeldMark Mark, DateTimeOffset Until, IReadOnlyList<PlannedTick> Ticks);
}
