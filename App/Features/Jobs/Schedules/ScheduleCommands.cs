using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Live;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Jobs.Schedules;

/// <summary>What people do to schedules. Each command is one transaction with its audit row, under the schedule's mark, so that no tick falls in between.</summary>
internal sealed class ScheduleCommands(
    Guard guard, IDbContextFactory<AppDbContext> databases, IDatabaseDialect dialect, ScheduleBook book, JobTypes types, ScheduleTicks ticks, DatabaseClock clock, Topic<ScheduleChanged> changes)
{
    public const int ReasonLength = 400;

    /// <summary>Makes a new schedule, or changes one; what equals the code of a registered one is not stored.</summary>
    public async Task<ScheduleResult> SaveAsync(ScheduleDraft draft, CancellationToken cancellation = default)
    {
        var caller = await guard.Require(JobsPermissions.Manage, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        await book.ReadAsync(db, cancellation);
        var name = draft.Original ?? draft.Name.Trim();
        var before = book.Find(name);
        if (draft.Original is not null && (before is null || before.TenantId != caller.TenantId)) return new(ScheduleOutcome.NotFound);
        var problems = (draft with { IsCustom = before?.IsCustom ?? true }).Check(types, book.Calendars);
        if (draft.Original is null && before is not null) problems = [.. problems, new(nameof(ScheduleDraft.Name), "NameTaken", name)];
        if (problems.Count > 0) return ScheduleResult.Invalid(problems);

        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        var timeChanged = before is null || before.Cron != draft.Cron.Trim() || before.TimeZone != draft.TimeZone || (before.Calendar ?? "") != draft.Calendar;
        var now = timeChanged ? await ticks.RestartAsync(db, name, cancellation) : (await db.LockMarkAsync(dialect, name, cancellation))?.Now ?? await clock.ReadAsync(db, dialect, cancellation);
        var entry = await db.Set<ScheduleEntry>().SingleOrDefaultAsync(e => e.Name == name, cancellation);
        if (entry?.ChangedAt != draft.ReadAt) return new(ScheduleOutcome.Changed);
        if (entry is null) db.Add(entry = new ScheduleEntry { Name = name, TenantId = caller.TenantId, IsCustom = before is null });
        Write(entry, draft, before?.Registered);
        entry.ChangedAt = now;
        db.Audit(caller, before is null ? "schedules.create" : "schedules.edit", "schedule", name, name);
        try
        {
            await db.SaveChangesAsync(cancellation);
        }
        catch (DbUpdateException exception) when (before is null && dialect.IsDuplicateKey(exception))
        {
            return ScheduleResult.Invalid(new FieldProblem(nameof(ScheduleDraft.Name), "NameTaken", name));
        }

        await transaction.CommitAsync(cancellation);
        await ToldAsync(db, name, cancellation);
        return ScheduleResult.Done;
    }

    /// <summary>A registered schedule follows its code again, also where it is paused.</summary>
    public Task<ScheduleResult> ResetAsync(string name, CancellationToken cancellation = default) => ChangeAsync("schedules.reset", name, restart: true, (db, schedule, entry) =>
    {
        if (schedule.IsCustom || entry is null) return new(ScheduleOutcome.NotPossible);
        db.Remove(entry);
        return ScheduleResult.Done;
    }, cancellation);

    /// <summary>Deletes a schedule that a person made; its jobs and history stay.</summary>
    public Task<ScheduleResult> DeleteAsync(string name, CancellationToken cancellation = default) => ChangeAsync("schedules.delete", name, restart: false, (db, schedule, entry) =>
    {
        if (!schedule.IsCustom || entry is null) return new(ScheduleOutcome.NotPossible);
        db.Remove(entry);
        return ScheduleResult.Done;
    }, cancellation);

    /// <param name="until">Null for no end.</param>
    public async Task<ScheduleResult> PauseAsync(string name, string reason, DateTimeOffset? until, CancellationToken cancellation = default)
    {
        var caller = await guard.Require(JobsPermissions.Manage, cancellation);
        var problems = new List<FieldProblem>();
        if (string.IsNullOrWhiteSpace(reason)) problems.Add(new("Reason", "NoReason"));
        else if (reason.Trim().Length > ReasonLength) problems.Add(new("Reason", "LongReason", ReasonLength));
        if (until <= clock.GetUtcNow()) problems.Add(new("Until", "PastUntil"));
        if (problems.Count > 0) return ScheduleResult.Invalid(problems);
        // What was due before belongs to the time before the pause.
        if (book.Find(name)?.TenantId == caller.TenantId) await ticks.HandleAsync(name, cancellation);
        return await ChangeAsync("schedules.pause", name, restart: false, (db, schedule, entry) =>
        {
            if (entry is null) db.Add(entry = new ScheduleEntry { Name = name, TenantId = caller.TenantId });
            (entry.PausedAt, entry.PausedUntil, entry.PauseReason, entry.PausedBy) = (clock.GetUtcNow(), until?.ToUniversalTime(), reason.Trim(), caller.Name);
            return ScheduleResult.Done;
        }, cancellation);
    }

    public async Task<ScheduleResult> ResumeAsync(string name, CancellationToken cancellation = default)
    {
        var caller = await guard.Require(JobsPermissions.Manage, cancellation);
        // What was due until now fell into the pause, and is written down as that.
        if (book.Find(name)?.TenantId == caller.TenantId) await ticks.HandleAsync(name, cancellation);
        return await ChangeAsync("schedules.resume", name, restart: false, (db, schedule, entry) =>
        {
            if (entry?.PausedAt is null) return new(ScheduleOutcome.NotPossible);
            (entry.PausedAt, entry.PausedUntil, entry.PauseReason, entry.PausedBy) = (null, null, null, null);
            if (!entry.IsCustom && IsEmpty(entry)) db.Remove(entry);
            return ScheduleResult.Done;
        }, cancellation);
    }

    /// <summary>One run now, whatever pause, calendar and other runs say.</summary>
    public async Task<ScheduleResult> RunNowAsync(string name, CancellationToken cancellation = default)
    {
        var caller = await guard.Require(JobsPermissions.Manage, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        await book.ReadAsync(db, cancellation);
        if (book.Find(name) is not { } schedule || schedule.TenantId != caller.TenantId) return new(ScheduleOutcome.NotFound);
        if (schedule.Problem is not null) return new(ScheduleOutcome.NotPossible);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        var job = await ticks.RunNowAsync(db, schedule, caller, cancellation);
        db.Audit(caller, "schedules.run", "schedule", name, name, new { job = job.Id });
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return ScheduleResult.Done with { JobId = job.Id, Count = 1 };
    }

    /// <summary>What a backfill of the range would run: occurrences up to now that have no job yet and are no holidays.</summary>
    public async Task<BackfillPreview?> PreviewBackfillAsync(string name, DateTimeOffset from, DateTimeOffset until, CancellationToken cancellation = default)
    {
        var caller = await guard.Require(JobsPermissions.Manage, cancellation);
        if (book.Find(name) is not { } schedule || schedule.TenantId != caller.TenantId) return null;
        if (from >= until) return new BackfillPreview(0, false, null, null);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var open = await ticks.OpenAsync(db, schedule, from.ToUniversalTime(), until.ToUniversalTime(), cancellation);
        return open.Count == 0 ? new BackfillPreview(0, false, null, null) : new BackfillPreview(open.Count, open.Count > Occurrences.Most, open[0], open[^1]);
    }

    /// <summary>Runs what the preview counts: at once, or as a job where it is much.</summary>
    public async Task<ScheduleResult> BackfillAsync(string name, DateTimeOffset from, DateTimeOffset until, CancellationToken cancellation = default)
    {
        var caller = await guard.Require(JobsPermissions.Manage, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        await book.ReadAsync(db, cancellation);
        if (book.Find(name) is not { } schedule || schedule.TenantId != caller.TenantId) return new(ScheduleOutcome.NotFound);
        if (schedule.Problem is not null) return new(ScheduleOutcome.NotPossible);
        if (from >= until) return ScheduleResult.Invalid(new FieldProblem("Until", "BadRange"));
        (from, until) = (from.ToUniversalTime(), until.ToUniversalTime());
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        var open = await ticks.OpenAsync(db, schedule, from, until, cancellation);
        if (open.Count == 0) return ScheduleResult.Invalid(new FieldProblem("Until", "NothingToFill"));
        if (open.Count > Occurrences.Most) return ScheduleResult.Invalid(new FieldProblem("Until", "TooMuchToFill", Occurrences.Most));
        long? asJob = null;
        if (open.Count > ScheduleBackfill.BatchSize)
        {
            var job = db.Enqueue(new BackfillSchedule(name, from, until), caller, clock.GetUtcNow(), new EnqueueOptions { Subject = name, SubjectUrl = $"/admin/schedules?item={Uri.EscapeDataString(name)}" });
            await db.SaveChangesAsync(cancellation);
            asJob = job.Id;
        }
        else
        {
            await ticks.BackfillAsync(db, schedule, open, caller.UserId, cancellation);
        }

        db.Audit(caller, "schedules.backfill", "schedule", name, name, new { from, until, job = asJob }, count: open.Count);
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return ScheduleResult.Done with { JobId = asJob, Count = open.Count };
    }

    private async Task<ScheduleResult> ChangeAsync(string action, string name, bool restart, Func<AppDbContext, EffectiveSchedule, ScheduleEntry?, ScheduleResult> change, CancellationToken cancellation)
    {
        var caller = await guard.Require(JobsPermissions.Manage, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        await book.ReadAsync(db, cancellation);
        if (book.Find(name) is not { } schedule || schedule.TenantId != caller.TenantId) return new(ScheduleOutcome.NotFound);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        var now = restart ? await ticks.RestartAsync(db, name, cancellation) : (await db.LockMarkAsync(dialect, name, cancellation))?.Now ?? await clock.ReadAsync(db, dialect, cancellation);
        var entry = await db.Set<ScheduleEntry>().SingleOrDefaultAsync(e => e.Name == name, cancellation);
        var result = change(db, schedule, entry);
        if (result.Outcome != ScheduleOutcome.Done) return result;
        foreach (var written in db.ChangeTracker.Entries<ScheduleEntry>().Where(e => e.State != EntityState.Deleted)) written.Entity.ChangedAt = now;
        db.Audit(caller, action, "schedule", name, name);
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        await ToldAsync(db, name, cancellation);
        return result;
    }

    private async Task ToldAsync(AppDbContext db, string name, CancellationToken cancellation)
    {
        await book.ReadAsync(db, cancellation);
        changes.Publish(new ScheduleChanged(name, Rules: true));
    }

    private static void Write(ScheduleEntry entry, ScheduleDraft draft, JobSchedule? code)
    {
        var cron = draft.Cron.Trim();
        entry.Cron = code?.Cron == cron ? null : cron;
        entry.TimeZone = code?.TimeZone == draft.TimeZone ? null : draft.TimeZone;
        entry.Missed = code?.Missed == draft.Missed ? null : draft.Missed;
        entry.Overlap = code?.Overlap == draft.Overlap ? null : draft.Overlap;
        // The empty name takes the calendar of the code away.
        entry.Calendar = code is null ? draft.Calendar.Length == 0 ? null : draft.Calendar : (code.Calendar ?? "") == draft.Calendar ? null : draft.Calendar;
        if (code is not null) return;
        entry.Type = draft.Type;
        entry.Arguments = draft.Arguments;
    }

    private static bool IsEmpty(ScheduleEntry e) => e is { Cron: null, TimeZone: null, Missed: null, Overlap: null, Calendar: null, PausedAt: null };
}
