using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Live;
using BlazorAdmin.Security;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Features.Jobs.Operations;

/// <summary>Topic <c>jobs.workers</c>: a person drained a node, took it up again, or removed it.</summary>
public sealed record WorkersChanged(string Node);

/// <summary>A job that a node runs.</summary>
public sealed record RunningView(long Id, string Type, string? Subject, DateTimeOffset? StartedAt);

/// <summary>A process that runs jobs, as operators see it.</summary>
/// <param name="Silence">Since its last heartbeat, on the database's clock.</param>
/// <param name="IsDead">It was silent for <see cref="WorkersService.DeadLeases"/> leases.</param>
/// <param name="IsHere">The node that answers this page.</param>
/// <param name="Runs">What it runs now, longest first; at most 50.</param>
public sealed record WorkerView(
    string Name, DateTimeOffset StartedAt, DateTimeOffset HeartbeatAt, TimeSpan Silence, int Slots, int Running, int Buffered, bool Draining,
    bool IsDead, bool IsHere, Throughput Throughput, IReadOnlyList<RunningView> Runs)
{
    /// <summary>0 to 1.</summary>
    public double Load => Slots == 0 ? 0 : Math.Clamp((double)Running / Slots, 0, 1);
}

public enum WorkerOutcome
{
    Done,
    NotFound,

    /// <summary>Only the row of a dead node can be removed.</summary>
    Alive,
}

/// <summary>The processes that run jobs, and what operators do to them.</summary>
public sealed class WorkersService(
    Guard guard, IDbContextFactory<AppDbContext> databases, NodeInfo node, JobTraffic traffic, IOptionsMonitor<JobsOptions> options, Topic<WorkersChanged> topic)
{
    /// <summary>Leases of silence after which a node counts as dead.</summary>
    public const int DeadLeases = 3;

    private const int MostRuns = 50;

    /// <summary>Every node that has announced itself, by name.</summary>
    public async Task<IReadOnlyList<WorkerView>> ListAsync(CancellationToken cancellation = default)
    {
        var caller = await guard.Require(JobsPermissions.Read, cancellation);
        var reading = await traffic.ReadAsync(caller.TenantId).WaitAsync(cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var now = await db.ServerNowAsync(cancellation);
        var dead = options.CurrentValue.Lease * DeadLeases;
        var nodes = await db.Set<WorkerNode>().AsNoTracking().OrderBy(n => n.Name).ToListAsync(cancellation);
        var views = new List<WorkerView>();
        foreach (var found in nodes)
        {
            var runs = await db.Set<Job>().Where(j => j.State == JobState.Running && j.Node == found.Name && j.TenantId == caller.TenantId)
                .OrderBy(j => j.Id).Take(MostRuns).Select(j => new RunningView(j.Id, j.Type, j.Subject, j.StartedAt)).ToListAsync(cancellation);
            var silence = now - found.HeartbeatAt;
            views.Add(new WorkerView(
                found.Name, found.StartedAt, found.HeartbeatAt, silence > TimeSpan.Zero ? silence : TimeSpan.Zero, found.Slots, found.Running, found.Buffered, found.Draining,
                silence > dead, found.Name == node.Name, reading.ByNode.GetValueOrDefault(found.Name), [.. runs.OrderBy(r => r.StartedAt)]));
        }

        return views;
    }

    /// <summary>Lets a node finish what it has and take nothing new, or takes it up again.</summary>
    public async Task<WorkerOutcome> DrainAsync(string name, bool draining, CancellationToken cancellation = default)
    {
        var caller = await guard.Require(JobsPermissions.Manage, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        // Only this column: the node itself writes the others all the time.
        if (await db.Set<WorkerNode>().Where(n => n.Name == name).ExecuteUpdateAsync(set => set.SetProperty(n => n.Draining, draining), cancellation) == 0) return WorkerOutcome.NotFound;
        db.Audit(caller, draining ? "jobs.drain" : "jobs.take_up", "worker", name, name);
        await CommitAsync(db, transaction, name, cancellation);
        return WorkerOutcome.Done;
    }

    /// <summary>Takes a dead node from the list. Its jobs are taken back in any case; should it live after all, it announces itself again.</summary>
    public async Task<WorkerOutcome> RemoveAsync(string name, CancellationToken cancellation = default)
    {
        var caller = await guard.Require(JobsPermissions.Manage, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var alive = await db.ServerNowAsync(cancellation) - options.CurrentValue.Lease * DeadLeases;
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        if (await db.Set<WorkerNode>().Where(n => n.Name == name && n.HeartbeatAt < alive).ExecuteDeleteAsync(cancellation) == 0)
            return await db.Set<WorkerNode>().AnyAsync(n => n.Name == name, cancellation) ? WorkerOutcome.Alive : WorkerOutcome.NotFound;
        db.Audit(caller, "jobs.worker_remove", "worker", name, name);
        await CommitAsync(db, transaction, name, cancellation);
        return WorkerOutcome.Done;
    }

    private async Task CommitAsync(AppDbContext db, Microsoft.EntityFrameworkCore.Storage.IDbContextTransaction transaction, string name, CancellationToken cancellation)
    {
        db.AfterCommit(() => topic.Publish(new WorkersChanged(name)));
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
    }
}
