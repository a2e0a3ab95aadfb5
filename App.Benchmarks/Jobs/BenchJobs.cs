using System.Collections.Concurrent;
using System.Diagnostics;
using BlazorAdmin.Features.Jobs;

namespace BlazorAdmin.Benchmarks.Jobs;

/// <summary>Does nothing.</summary>
[JobType("bench.noop")]
public sealed record NoopJob(int Number);

/// <summary>Its start is measured.</summary>
[JobType("bench.probe")]
public sealed record ProbeJob(int Number);

/// <summary>Waits by the million; does nothing either.</summary>
[JobType("bench.filler", Priority = 1)]
public sealed record FillerJob(int Number);

/// <summary>A tick of a schedule.</summary>
[JobType("bench.tick")]
public sealed record TickedJob(int Number);

/// <summary>What the handlers of one node saw.</summary>
internal sealed class BenchWork
{
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _left;

    /// <summary>Completed with the time of the start, by <see cref="ProbeJob.Number"/>.</summary>
    public ConcurrentDictionary<int, TaskCompletionSource<long>> Probes { get; } = new();

    /// <summary>How late ticks started.</summary>
    public ConcurrentQueue<TimeSpan> Lateness { get; } = new();

    /// <summary>Completes when this many jobs that do nothing have run.</summary>
    public Task Drained(int jobs)
    {
        _left = jobs;
        return _drained.Task;
    }

    public void CountNoop()
    {
        if (Interlocked.Decrement(ref _left) == 0) _drained.TrySetResult();
    }
}

internal sealed class BenchHandler(BenchWork work, TimeProvider time) : IJobHandler<NoopJob>, IJobHandler<FillerJob>, IJobHandler<ProbeJob>, IJobHandler<TickedJob>
{
    public Task RunAsync(NoopJob arguments, JobContext job, CancellationToken cancellation)
    {
        work.CountNoop();
        return Task.CompletedTask;
    }

    public Task RunAsync(FillerJob arguments, JobContext job, CancellationToken cancellation) => Task.CompletedTask;

    public Task RunAsync(ProbeJob arguments, JobContext job, CancellationToken cancellation)
    {
        var now = Stopwatch.GetTimestamp();
        if (work.Probes.TryRemove(arguments.Number, out var begun)) begun.SetResult(now);
        return Task.CompletedTask;
    }

    public Task RunAsync(TickedJob arguments, JobContext job, CancellationToken cancellation)
    {
        work.Lateness.Enqueue(time.GetUtcNow() - BenchSchedules.DueOf(job));
        return Task.CompletedTask;
    }
}
