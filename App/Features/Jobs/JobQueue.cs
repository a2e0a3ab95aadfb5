using System.Text.Json;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Jobs.Following;
using BlazorAdmin.Features.Jobs.Rules;
using BlazorAdmin.Features.Jobs.Searching;
using BlazorAdmin.Live;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Jobs;

/// <summary>The job that holds a unique key, and whether it was there before.</summary>
public readonly record struct UniqueJob(long Id, bool Existed);

/// <summary>
/// Enqueues what one <see cref="JobQueueExtensions.Enqueue{TArguments}"/> cannot: many at once, unique ones, followers and
/// batches. Everything joins the transaction of the caller's context; without one, the call is a transaction of its own, which
/// saves what the context has pending too.
/// </summary>
public sealed class JobQueue(IDatabaseDialect dialect, IJobBulkInsert bulk, JobRules rules, Topic<JobsReady> ready, Topic<JobChanged> changes, TimeProvider time)
{
    /// <summary>Enqueues one job for each of <paramref name="arguments"/>, by the server's bulk path.</summary>
    /// <returns>The ids, in the order of the arguments.</returns>
    public Task<IReadOnlyList<long>> EnqueueManyAsync<TArguments>(
        AppDbContext db, IReadOnlyCollection<TArguments> arguments, Caller caller, EnqueueOptions? options = null, CancellationToken cancellation = default) where TArguments : class =>
        InTransactionAsync(db, async () =>
        {
            var now = time.GetUtcNow();
            return await InsertAsync(db, [.. arguments.Select(a => (JobQueueExtensions.Build(a, caller, now, options), a))], cancellation);
        }, cancellation);

    /// <summary>
    /// Enqueues a job unless another holds <paramref name="key"/>. Of several callers at the same time one enqueues and the
    /// others get its job, after its commit.
    /// </summary>
    /// <param name="key">Unique in the tenant; begin it with the type's name.</param>
    /// <param name="until">How long the key keeps others out.</param>
    /// <param name="period">For <see cref="UniqueUntil.Expired"/>, required: how long from now.</param>
    public Task<UniqueJob> EnqueueUniqueAsync<TArguments>(
        AppDbContext db, TArguments arguments, Caller caller, string key, UniqueUntil until = UniqueUntil.Finished, TimeSpan? period = null, EnqueueOptions? options = null,
        CancellationToken cancellation = default) where TArguments : class
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(key.Length, JobConfiguration.KeyLength, nameof(key));
        if (until == UniqueUntil.Expired) ArgumentNullException.ThrowIfNull(period);
        return InTransactionAsync(db, async () =>
        {
            if (await JobUniqueKeys.TryTakeAsync(db, dialect, caller.TenantId, key, cancellation) is { } holder) return new UniqueJob(holder, true);
            var job = db.Enqueue(arguments, caller, time.GetUtcNow(), options);
            await db.SaveChangesAsync(cancellation);
            await JobUniqueKeys.AssignAsync(db, caller.TenantId, key, job.Id, until, period, cancellation);
            return new UniqueJob(job.Id, false);
        }, cancellation);
    }

    /// <summary>Enqueues a job that starts when all of <paramref name="parents"/> have ended as <paramref name="on"/> says, and is cancelled if one ends otherwise.</summary>
    /// <exception cref="ArgumentException">There is no parent, or one does not exist.</exception>
    public Task<Job> EnqueueAfterAsync<TArguments>(
        AppDbContext db, TArguments arguments, Caller caller, IReadOnlyCollection<long> parents, FollowOn on = FollowOn.Success, EnqueueOptions? options = null,
        CancellationToken cancellation = default) where TArguments : class
    {
        var ids = parents.Distinct().Order().ToList();
        if (ids.Count == 0) throw new ArgumentException("Name at least one job to follow.", nameof(parents));
        return InTransactionAsync(db, async () =>
        {
            var job = db.Enqueue(arguments, caller, time.GetUtcNow(), options);
            (job.State, job.WaitsFor) = (JobState.Waiting, ids.Count);
            await db.SaveChangesAsync(cancellation);
            db.AddRange(ids.Select(id => new JobLink { ParentId = id, ChildId = job.Id, On = on }));
            await db.SaveChangesAsync(cancellation);
            // Locks the parents: each has ended before and is seen below, or ends after this commit and sees its follower.
            var found = 0;
            foreach (var id in ids) found += await db.Set<Job>().Where(j => j.Id == id).ExecuteUpdateAsync(set => set.SetProperty(j => j.HasFollowers, true), cancellation);
            if (found < ids.Count) throw new ArgumentException("A job to follow does not exist.", nameof(parents));
            var ended = await db.Set<Job>().Where(j => ids.Contains(j.Id) && j.FinishedAt != null).Select(j => j.Id).ToListAsync(cancellation);
            Tell(db, await JobFollowers.EndedAsync(db, ended, job.Id, cancellation));
            await db.Entry(job).ReloadAsync(cancellation);
            return job;
        }, cancellation);
    }

    /// <summary>
    /// Enqueues jobs that belong together. The batch is a job itself, without a handler: it shows the progress of its members,
    /// succeeds when all have, fails when all have ended and some did not succeed, and can be followed.
    /// </summary>
    /// <returns>The batch.</returns>
    public Task<Job> EnqueueBatchAsync<TArguments>(
        AppDbContext db, string name, IReadOnlyCollection<TArguments> arguments, Caller caller, EnqueueOptions? options = null, CancellationToken cancellation = default) where TArguments : class =>
        InTransactionAsync(db, async () =>
        {
            var now = time.GetUtcNow();
            var batch = db.Enqueue(new BatchOf(arguments.Count), caller, now, new EnqueueOptions { Subject = name });
            (batch.State, batch.WaitsFor, batch.StartedAt, batch.Progress) = (JobState.Waiting, arguments.Count, now, 0);
            if (arguments.Count == 0) (batch.State, batch.FinishedAt, batch.Progress) = (JobState.Succeeded, now, 100);
            await db.SaveChangesAsync(cancellation);
            var members = arguments.Select(a => (Job: JobQueueExtensions.Build(a, caller, now, options), Arguments: a)).ToList();
            foreach (var (member, _) in members) member.BatchId = batch.Id;
            await InsertAsync(db, members, cancellation);
            return batch;
        }, cancellation);

    private async Task<IReadOnlyList<long>> InsertAsync<TArguments>(AppDbContext db, IReadOnlyList<(Job Job, TArguments Arguments)> jobs, CancellationToken cancellation)
        where TArguments : class
    {
        if (jobs.Count == 0) return [];
        foreach (var (job, _) in jobs) rules.Apply(job);
        var ids = await bulk.InsertAsync(db, [.. jobs.Select(j => j.Job)], cancellation);
        var fields = new List<JobField>();
        for (var i = 0; i < jobs.Count; i++)
        {
            jobs[i].Job.Id = ids[i];
            fields.AddRange(JobSearchFields.For(jobs[i].Job, jobs[i].Arguments));
        }

        if (fields.Count > 0) await bulk.InsertAsync(db, fields, cancellation);
        Tell(db, [.. ids.Select(id => new JobChanged(id, 0, JobState.Queued))]);
        return ids;
    }

    private void Tell(AppDbContext db, IReadOnlyList<JobChanged> changed)
    {
        if (changed.Count == 0) return;
        db.AfterCommit(() =>
        {
            if (changed.Any(c => c.State == JobState.Queued)) ready.Publish(new JobsReady(""));
            changes.Publish(changed);
        });
    }

    private static async Task<T> InTransactionAsync<T>(AppDbContext db, Func<Task<T>> work, CancellationToken cancellation)
    {
        if (db.Database.CurrentTransaction is not null)
        {
            await db.SaveChangesAsync(cancellation);
            return await work();
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        await db.SaveChangesAsync(cancellation);
        var result = await work();
        await transaction.CommitAsync(cancellation);
        return result;
    }
}
