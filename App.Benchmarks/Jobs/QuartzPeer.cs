using System.Collections.Concurrent;
using System.Diagnostics;
using Npgsql;
using Quartz;

namespace BlazorAdmin.Benchmarks.Jobs;

/// <summary>Quartz with its persistent store on a database of the same server: each job is a trigger that fires once, at once.</summary>
internal sealed class QuartzPeer : IAsyncDisposable
{
    private const int Threads = 20;
    private static readonly JobKey Key = new("noop");

    private readonly IScheduler _scheduler;
    private readonly string _connectionString;
    private int _number;

    private QuartzPeer(IScheduler scheduler, string connectionString) => (_scheduler, _connectionString) = (scheduler, connectionString);

    public static string Name { get; } = $"Quartz {typeof(IScheduler).Assembly.GetName().Version?.ToString(3)}, persistent store";

    public static async Task<QuartzPeer> StartAsync(string connectionString, CancellationToken cancellation)
    {
        var scheduler = await QuartzSchedulerBuilder.Create(quartz => quartz
            .ConfigureScheduler(options => options.InstanceName = $"bench{Guid.NewGuid():N}")
            .UseDefaultThreadPool(Threads)
            .UsePersistentStore(store => store.UsePostgres(NpgsqlFactory.Instance, connectionString).ProvisionSchema())).BuildScheduler(cancellation);
        await scheduler.AddJob(JobBuilder.Create<Noop>().WithIdentity(Key).StoreDurably().Build(), cancellationToken: cancellation);
        // Creates the schema; nothing fires before it is asked to.
        await scheduler.Start(cancellation);
        await scheduler.Standby(cancellation);
        return new QuartzPeer(scheduler, connectionString);
    }

    /// <returns>Triggers scheduled a second, each in a transaction of its own.</returns>
    public async Task<double> ScheduleRateAsync(int callers, TimeSpan duration, CancellationToken cancellation)
    {
        var start = Stopwatch.GetTimestamp();
        var scheduled = 0;
        await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(async () =>
        {
            for (; Stopwatch.GetElapsedTime(start) < duration; Interlocked.Increment(ref scheduled)) await _scheduler.ScheduleJob(Trigger(null), cancellationToken: cancellation);
        }, cancellation)));
        return scheduled / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <returns>Jobs a second from the start of the scheduler until no trigger is left.</returns>
    public async Task<double> DrainRateAsync(int count, CancellationToken cancellation)
    {
        await using var connection = new NpgsqlConnection(_connectionString);
        await connection.OpenAsync(cancellation);
        await ExecuteAsync(connection, "delete from qrtz_simple_triggers; delete from qrtz_triggers");
        for (var number = 0; number < count; number++) await _scheduler.ScheduleJob(Trigger(null), cancellationToken: cancellation);
        var all = Noop.Expect(count);
        var start = Stopwatch.GetTimestamp();
        await _scheduler.Start(cancellation);
        await all.WaitAsync(cancellation);
        while (await ExecuteAsync(connection, "select count(*) from (select from qrtz_triggers union all select from qrtz_fired_triggers limit 1) left_over") is > 0L)
            await Task.Delay(1, cancellation);
        var rate = count / Stopwatch.GetElapsedTime(start).TotalSeconds;
        await _scheduler.Standby(cancellation);
        return rate;

        async Task<object?> ExecuteAsync(NpgsqlConnection on, string sql)
        {
            await using var command = new NpgsqlCommand(sql, on);
            return await command.ExecuteScalarAsync(cancellation);
        }
    }

    /// <returns>Milliseconds from the call that schedules to the first line of the job.</returns>
    public async Task<List<double>> LatenciesAsync(int count, TimeSpan pause, CancellationToken cancellation)
    {
        await _scheduler.Start(cancellation);
        var times = new List<double>();
        for (var number = 0; number < count; number++)
        {
            await Task.Delay(pause * (0.5 + Random.Shared.NextDouble()), cancellation);
            var id = Guid.NewGuid().ToString("N");
            var begun = Noop.Begun[id] = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
            var from = Stopwatch.GetTimestamp();
            await _scheduler.ScheduleJob(Trigger(id), cancellationToken: cancellation);
            times.Add(Stopwatch.GetElapsedTime(from, await begun.Task.WaitAsync(cancellation)).TotalMilliseconds);
        }

        await _scheduler.Standby(cancellation);
        return times;
    }

    public async ValueTask DisposeAsync() => await _scheduler.Shutdown(waitForJobsToComplete: true);

    private ITrigger Trigger(string? id) => TriggerBuilder.Create().WithIdentity(id ?? $"t{Interlocked.Increment(ref _number)}-{Guid.NewGuid():N}").ForJob(Key).StartNow().Build();

    private sealed class Noop : IJob
    {
        private static TaskCompletionSource _all = new();
        private static int _left;

        public static ConcurrentDictionary<string, TaskCompletionSource<long>> Begun { get; } = new();

        public static Task Expect(int count)
        {
            _all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Volatile.Write(ref _left, count);
            return _all.Task;
        }

        public ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
        {
            if (Begun.TryRemove(context.Trigger.Key.Name, out var begun)) begun.SetResult(Stopwatch.GetTimestamp());
            else if (Interlocked.Decrement(ref _left) == 0) _all.TrySetResult();
            return ValueTask.CompletedTask;
        }
    }
}
