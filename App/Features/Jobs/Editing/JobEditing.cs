using System.Text.Json;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Jobs.Bulk;
using BlazorAdmin.Features.Jobs.Rules;
using BlazorAdmin.Features.Jobs.Searching;
using BlazorAdmin.Live;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Jobs.Editing;

/// <summary>What is wrong with edited arguments.</summary>
/// <param name="Line">From 1; null if it is no matter of a line.</param>
/// <param name="Field">Path of the field, without the leading <c>$.</c>.</param>
public sealed record ArgumentsProblem(string Text, long? Line = null, long? Column = null, string? Field = null);

/// <param name="JobId">The job that runs now: the same one, or the new one.</param>
/// <param name="Problem">Why nothing was done.</param>
public sealed record RunAgainResult(JobCommandResult Result, long JobId, ArgumentsProblem? Problem = null);

/// <param name="Json">Indented; secrets are masked.</param>
/// <param name="AsNewJob">It ended well: what runs is a new job.</param>
public sealed record ArgumentsForm(long Id, string Type, string Json, bool AsNewJob);

/// <summary>Runs jobs again, with their arguments or others: a failed one as itself, with its history; one that succeeded as a new job.</summary>
public sealed class JobEditing(Guard guard, IDbContextFactory<AppDbContext> databases, JobTypes types, JobRules rules, JobChanger changer, Topic<JobChanged> changes, TimeProvider time)
{
    /// <returns>Null if there is no such job, or its state does not allow to run it again.</returns>
    public async Task<ArgumentsForm?> FormAsync(long id, CancellationToken cancellation = default)
    {
        var caller = await guard.Require(JobsPermissions.Manage, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var job = await db.Set<Job>().AsNoTracking().SingleOrDefaultAsync(j => j.Id == id && j.TenantId == caller.TenantId, cancellation);
        return job is not null && CanRun(job.State) && types.Find(job.Type) is not { Rules.ByHand: false } ? new ArgumentsForm(id, job.Type, JobArguments.Show(job.Arguments, types.Find(job.Type)), job.State == JobState.Succeeded) : null;
    }

    /// <param name="edited">JSON; a secret that still reads <c>***</c> keeps what is stored. Null runs it as it is.</param>
    public async Task<RunAgainResult> RunAsync(long id, string? edited, CancellationToken cancellation = default)
    {
        var caller = await guard.Require(JobsPermissions.Manage, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var job = await db.Set<Job>().SingleOrDefaultAsync(j => j.Id == id && j.TenantId == caller.TenantId, cancellation);
        if (job is null) return new RunAgainResult(JobCommandResult.NotFound, id);
        if (!CanRun(job.State)) return new RunAgainResult(JobCommandResult.NotPossible, id);
        var (type, before) = (types.Find(job.Type), job.Arguments);
        if (type?.Rules.Needs is { } needed) await guard.Require(needed, cancellation);
        var arguments = before;
        if (edited is not null && type is { Rules.ByHand: false }) return new RunAgainResult(JobCommandResult.NotPossible, id, new ArgumentsProblem($"Jobs of type {type.Name} run only with the arguments they were made with."));
        if (edited is not null && JobArguments.TryMerge(edited, before, type, out arguments) is { } problem) return new RunAgainResult(JobCommandResult.NotPossible, id, problem);
        var detail = edited is null ? (object)new { job.Type } : new { job.Type, before = JobArguments.Show(before, type), after = JobArguments.Show(arguments, type) };
        return job.State == JobState.Succeeded ? await AsNewAsync(db, caller, job, arguments, type, detail, cancellation) : await AsItselfAsync(db, caller, job, arguments, type, detail, cancellation);
    }

    private async Task<RunAgainResult> AsItselfAsync(AppDbContext db, Caller caller, Job job, string arguments, JobType? type, object detail, CancellationToken cancellation)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        var changed = await changer.ApplyAsync(db, caller.TenantId, JobAction.Retry, [job.Id], patient: true, cancellation);
        if (changed.Count == 0) return new RunAgainResult(JobCommandResult.NotPossible, job.Id);
        // Where it had got to says nothing about other arguments.
        await db.Set<Job>().Where(j => j.Id == job.Id).ExecuteUpdateAsync(set => set.SetProperty(j => j.Arguments, arguments).SetProperty(j => j.Cursor, (string?)null), cancellation);
        await db.Set<JobField>().Where(f => f.JobId == job.Id).ExecuteDeleteAsync(cancellation);
        if (Read(arguments, type) is { } read) db.AddRange(JobSearchFields.For(job, read));
        db.Audit(caller, "jobs.edit", "job", job.Id, job.Subject ?? job.Type, detail);
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        changer.Tell(JobState.Queued, changed);
        return new RunAgainResult(JobCommandResult.Done, job.Id);
    }

    private async Task<RunAgainResult> AsNewAsync(AppDbContext db, Caller caller, Job job, string arguments, JobType? type, object detail, CancellationToken cancellation)
    {
        var again = new Job
        {
            TenantId = job.TenantId, OwnerId = caller.UserId, Type = job.Type, Queue = job.Queue, Priority = job.Priority, State = JobState.Queued, Subject = job.Subject, SubjectUrl = job.SubjectUrl,
            Arguments = arguments, IdempotencyKey = Guid.NewGuid().ToString("N"), CreatedAt = time.GetUtcNow(), MaxAttempts = type is null ? 1 : rules.Of(type).MaxAttempts, LimitKey = job.LimitKey, Tags = job.Tags,
        };
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        db.Add(again);
        if (Read(arguments, type) is { } read) JobSearchFields.AddFor(db, again, read);
        await db.SaveChangesAsync(cancellation);
        db.Audit(caller, "jobs.run_again", "job", again.Id, job.Subject ?? job.Type, new { of = job.Id, detail });
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        changes.Publish(new JobChanged(again.Id, again.Version, again.State));
        return new RunAgainResult(JobCommandResult.Done, again.Id);
    }

    private static object? Read(string arguments, JobType? type) => type is null ? null : JsonSerializer.Deserialize(arguments, type.Arguments, JsonSerializerOptions.Web);

    private static bool CanRun(JobState state) => state == JobState.Succeeded || state.CanRetry();
}
