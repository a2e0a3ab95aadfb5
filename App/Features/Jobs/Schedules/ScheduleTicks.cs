using System.Globalization;
using BlazorAdmin.Data;
using BlazorAdmin.Live;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Jobs.Schedules;

/// <summary>
/// Turns occurrences of schedules into ticks and jobs, for every reason by the same path: whatever is due since the schedule's
/// mark, on the database's clock. Mark, ticks and jobs commit together under the mark's lock, so a tick happens once or not
/// at all, however many nodes there are.
/// </summary>
internal sealed class ScheduleTicks(
    IDbContextFactory<AppDbContext> databases, IDatabaseDialect dialect, ScheduleBook book, ScheduleOverlap overlap, DatabaseClock clock, NodeInfo node,
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
                return await TryAsync(name, refused, cancellation);
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

    private async Task<DateTimeOffset?> TryAsync(string name, bool lookAtTicks, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        var sent = clock.GetTimestamp();
        if (await db.LockMarkAsync(dialect, name, cancellation) is not { } held) return null;
        clock.Observe(held.Now, sent);
        // Somebody may have changed the rules and this node has not heard of it yet.
        if (book.Find(name)?.Entry?.ChangedAt != held.ChangedAt) await book.ReadAsync(cancellation);
        if (book.Find(name) is not { Occurrences: { } occurrences } schedule) return null;
        var due = occurrences.Last(held.HandledUntil, held.Now, Occurrences.Most, out var cut);
        if (due.Count == 0) return occurrences.Next(held.HandledUntil);
        if (cut) SchedulesLog.TicksLeftOut(log, name, Occurrences.Most, held.HandledUntil, held.Now);
        await WriteAsync(db, schedule, TickPlan.Of(schedule, lookAtTicks ? await WithoutTicksAsync(db, name, due, cancellation) : due, held.Now), held.Now, cancellation);
        var mark = db.Attach(new ScheduleMark { Schedule = name, HandledUntil = held.HandledUntil });
        mark.Entity.HandledUntil = due[^1];
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return occurrences.Next(due[^1]);
    }

    private async Task WriteAsync(AppDbContext db, EffectiveSchedule schedule, IReadOnlyList<PlannedTick> plan, DateTimeOffset now, CancellationToken cancellation)
    {
        var goingOn = schedule.Overlap == OverlapPolicy.Allow || plan.All(t => t.Outcome != TickOutcome.Enqueued) ? [] : await ScheduleOverlap.GoingOnAsync(db, schedule.Name, cancellation);
        var written = new List<(PlannedTick Tick, Job? Job)>(plan.Count);
        foreach (var tick in plan)
        {
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
                if (goingOn.Count > 0 && schedule.Overlap == OverlapPolicy.Replace) await overlap.CancelAsync(db, goingOn, now, cancellation);
                var job = Enqueue(db, schedule, tick.DueAt, now);
                if (goingOn.Count > 0 && schedule.Overlap == OverlapPolicy.Wait) await overlap.WaitForAsync(db, job, goingOn[^1], cancellation);
                written.Add((tick, job));
                if (schedule.Overlap == OverlapPolicy.Allow) continue;
                await db.SaveChangesAsync(cancellation);
                goingOn = [job.Id];
            }
        }

        await db.SaveChangesAsync(cancellation);
        foreach (var (tick, job) in written) db.Add(Tick(schedule, tick, now, job?.Id, manual: false));
        var missed = written.Count(w => w.Tick.Outcome == TickOutcome.Missed);
        if (missed > 0) SchedulesLog.TicksMissed(log, schedule.Name, missed, written.Count(w => w.Job is not null));
        Announce(db, schedule.Name);
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
}
