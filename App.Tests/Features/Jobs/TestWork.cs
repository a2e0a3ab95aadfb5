using System.Collections.Concurrent;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Security;

namespace BlazorAdmin.Tests.Features.Jobs;

[JobType("test.job", MaxAttempts = 3)]
public sealed record TestJob(string Name);

[JobType("test.fragile", MaxAttempts = 1)]
public sealed record FragileJob(string Name);

[JobType("test.single", MaxConcurrency = 1)]
public sealed record SingleJob(string Name);

[JobType("test.short", TimeoutSeconds = 1, MaxAttempts = 1)]
public sealed record ShortJob(string Name);

/// <summary>What the test's handlers do, by the job's name, and what they did.</summary>
public sealed class TestWork
{
    private readonly ConcurrentDictionary<string, Func<JobContext, CancellationToken, Task>> _acts = new();

    /// <summary>Names in the order of their runs.</summary>
    public ConcurrentQueue<string> Runs { get; } = new();

    public ConcurrentQueue<Caller?> Callers { get; } = new();

    public int RunsOf(string name) => Runs.Count(r => r == name);

    public void On(string name, Func<JobContext, CancellationToken, Task> act) => _acts[name] = act;

    public void On(string name, Action<JobContext> act) => On(name, (job, _) =>
    {
        act(job);
        return Task.CompletedTask;
    });

    /// <summary>Jobs of this name wait until <see cref="Gate.Open"/>, or until they are cancelled.</summary>
    public Gate Hold(string name)
    {
        var gate = new Gate();
        On(name, (_, cancellation) => gate.PassAsync(cancellation));
        return gate;
    }

    internal async Task RunAsync(string name, JobContext job, Caller? caller, CancellationToken cancellation)
    {
        Runs.Enqueue(name);
        Callers.Enqueue(caller);
        if (_acts.TryGetValue(name, out var act)) await act(job, cancellation);
    }

    public sealed class Gate
    {
        private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _inside;

        public int Inside => Volatile.Read(ref _inside);

        public void Open() => _open.TrySetResult();

        internal async Task PassAsync(CancellationToken cancellation)
        {
            Interlocked.Increment(ref _inside);
            try
            {
                await _open.Task.WaitAsync(cancellation);
            }
            finally
            {
                Interlocked.Decrement(ref _inside);
            }
        }
    }
}

public sealed class TestHandler(TestWork work, CurrentCaller caller) : IJobHandler<TestJob>, IJobHandler<FragileJob>, IJobHandler<SingleJob>, IJobHandler<ShortJob>
{
    public async Task RunAsync(TestJob arguments, JobContext job, CancellationToken cancellation) => await RunAsync(arguments.Name, job, cancellation);

    public async Task RunAsync(FragileJob arguments, JobContext job, CancellationToken cancellation) => await RunAsync(arguments.Name, job, cancellation);

    public async Task RunAsync(SingleJob arguments, JobContext job, CancellationToken cancellation) => await RunAsync(arguments.Name, job, cancellation);

    public async Task RunAsync(ShortJob arguments, JobContext job, CancellationToken cancellation) => await RunAsync(arguments.Name, job, cancellation);

    private async Task RunAsync(string name, JobContext job, CancellationToken cancellation) =>
        await work.RunAsync(name, job, await caller.GetAsync(cancellation), cancellation);
}
