using System.Diagnostics;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Security;

namespace BlazorAdmin.Tests.Features.Jobs.Torture;

/// <param name="Act">What the handler does; see <see cref="TortureHandler"/>.</param>
[JobType("torture.work", MaxAttempts = 1000, TimeoutSeconds = 0)]
public sealed record TortureJob(string Act, string Name = "", int Milliseconds = 0);

[JobType("torture.poison", MaxAttempts = 2, TimeoutSeconds = 1, Retry = "fixed 10ms")]
public sealed record PoisonJob(string Act);

/// <summary>Does what a job asks for and writes it to the ledger, through connections that are not the engine's.</summary>
internal sealed class TortureHandler(Ledger ledger, NodeInfo node, TortureWorkerSettings settings, IDbContextFactory<AppDbContext> databases, JobQueue queue, CurrentCaller caller)
    : IJobHandler<TortureJob>, IJobHandler<PoisonJob>
{
    /// <summary>Where a worker may be told to die: the effect is there, its acknowledgement is not.</summary>
    public const string BetweenEffectAndEnd = "effect";

    public async Task RunAsync(TortureJob arguments, JobContext job, CancellationToken cancellation)
    {
        if (arguments.Act == "file")
        {
            await InFilesAsync(arguments.Name, job);
            return;
        }

        await WriteAsync(job, Ledger.Started);
        switch (arguments.Act)
        {
            case "work":
                if (arguments.Milliseconds > 0) await Task.Delay(Random.Shared.Next(arguments.Milliseconds), cancellation);
                break;
            case "hold":
                await ReleaseAsync(arguments.Name, cancellation);
                break;
            case "deaf":
                // A first run that notices nothing and tells everything late; the next ones wait to be told.
                await ReleaseAsync($"{arguments.Name}-{job.Attempt}", CancellationToken.None);
                job.Progress(10 * job.Attempt, $"run {job.Attempt}");
                job.Info($"run {job.Attempt}");
                break;
            case "starve":
                await StarveAsync(arguments.Name);
                break;
            case "commit-and-die" or "die-before-commit":
                await EnqueueAsync(arguments, commit: arguments.Act == "commit-and-die", cancellation);
                break;
            case "unique":
                await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => EnqueueUniqueAsync(arguments.Name, job, cancellation)));
                break;
        }

        await WriteAsync(job, Ledger.Done, job.IdempotencyKey);
        if (settings.Fault == BetweenEffectAndEnd) Die();
        await WriteAsync(job, Ledger.Finished);
    }

    public async Task RunAsync(PoisonJob arguments, JobContext job, CancellationToken cancellation)
    {
        await WriteAsync(job, Ledger.Started);
        switch (arguments.Act)
        {
            case "throw":
                throw new InvalidOperationException("poison");
            case "die":
                Die();
                break;
            case "endless":
                using (var never = new ManualResetEventSlim())
                    while (!never.Wait(50, CancellationToken.None))
                        job.Progress(50);
                break;
        }
    }

    private static void Die() => Process.GetCurrentProcess().Kill();

    private async Task WriteAsync(JobContext job, string what, string? detail = null) =>
        await ledger.WriteAsync(job.JobId, ((RunningJob)job).Claim.Token, job.Attempt, node.Name, what, detail);

    private async Task ReleaseAsync(string name, CancellationToken cancellation)
    {
        while (!await ledger.IsReleasedAsync(name)) await Task.Delay(20, cancellation);
    }

    /// <summary>Keeps every thread of the pool until it is released; this one asks by itself.</summary>
    private async Task StarveAsync(string name)
    {
        var released = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var gate = new ManualResetEventSlim();
        ThreadPool.GetMinThreads(out var threads, out _);
        ThreadPool.SetMaxThreads(threads + 8, threads + 8);
        var asking = new Thread(() =>
        {
            using var connection = new Npgsql.NpgsqlConnection(settings.Connection);
            connection.Open();
            using var command = new Npgsql.NpgsqlCommand("SELECT count(*) FROM torture_effects WHERE what = 'release' AND detail = $1", connection) { Parameters = { new() { Value = name } } };
            while ((long)command.ExecuteScalar()! == 0) gate.Wait(20);
            gate.Set();
            released.SetResult();
        });
        asking.Start();
        for (var i = 0; i < threads + 16; i++) _ = Task.Run(gate.Wait);
        await released.Task;
    }

    private async Task EnqueueAsync(TortureJob arguments, bool commit, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        db.Enqueue(new TortureJob("work", arguments.Name), (await caller.GetAsync(cancellation))!, DateTimeOffset.UtcNow, new() { Subject = arguments.Name });
        await db.SaveChangesAsync(cancellation);
        // Past the contexts: nothing that follows a commit in them may have begun.
        if (commit) await db.Database.ExecuteSqlRawAsync("COMMIT", cancellation);
        Die();
    }

    private async Task EnqueueUniqueAsync(string key, JobContext job, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var result = await queue.EnqueueUniqueAsync(db, new TortureJob("hold", key), (await caller.GetAsync(cancellation))!, key, options: new() { Subject = key }, cancellation: cancellation);
        await WriteAsync(job, result.Existed ? "existed" : "created", $"{result.Id}");
    }

    /// <summary>A ledger in files, for when there is no database.</summary>
    private async Task InFilesAsync(string folder, JobContext job)
    {
        var run = Path.Combine(folder, $"{job.JobId}.{((RunningJob)job).Claim.Token:N}");
        await File.WriteAllTextAsync(run + ".started", node.Name);
        while (!File.Exists(Path.Combine(folder, Ledger.Release))) await Task.Delay(20);
        await File.WriteAllTextAsync(run + ".finished", node.Name);
    }
}
