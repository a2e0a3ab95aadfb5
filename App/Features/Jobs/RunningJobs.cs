using System.Collections.Concurrent;

namespace BlazorAdmin.Features.Jobs;

/// <summary>The runs of this node, by token: a job that lost its lease may be here twice, as the old run and the new one.</summary>
internal sealed class RunningJobs
{
    private readonly ConcurrentDictionary<Guid, RunningJob> _byToken = new();

    /// <summary>
    /// Held while reports or ends are written. A report that is on its way when its run ends would otherwise come after
    /// the end and be refused, and its lines be lost.
    /// </summary>
    public SemaphoreSlim Writing { get; } = new(1, 1);

    public IEnumerable<RunningJob> All => _byToken.Values;

    public int Count => _byToken.Count;

    public RunningJob? Find(Guid token) => _byToken.GetValueOrDefault(token);

    public void Add(RunningJob job) => _byToken[job.Claim.Token] = job;

    public void Remove(RunningJob job) => _byToken.TryRemove(job.Claim.Token, out _);

    public void Cancel(JobCancelRequested request)
    {
        foreach (var job in _byToken.Values)
            if (request.Ids.Contains(job.JobId))
                job.Stop(StopReason.Cancelled);
    }
}
