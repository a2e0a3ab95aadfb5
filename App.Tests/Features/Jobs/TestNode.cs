using System.Collections.Concurrent;
using System.Text.Json;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Features.Jobs.Bulk;
using BlazorAdmin.Features.Jobs.Rules;
using BlazorAdmin.Features.Jobs.Schedules;
using BlazorAdmin.Live;
using BlazorAdmin.Security;
using BlazorAdmin.Tests.Data;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace BlazorAdmin.Tests.Features.Jobs;

/// <summary>One node of the job engine on a test database: everything real but the carrier between processes.</summary>
public sealed class TestNode : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly TestBus _bus;
    private bool _started;

    public TestNode(string connectionString, string name = "node", TestWork? work = null, TestBus? bus = null, Action<JobsOptions>? options = null, Action<IServiceCollection>? more = null)
    {
        _bus = bus ?? new TestBus();
        Work = work ?? new TestWork();
        var services = new ServiceCollection();
        services.AddSingleton(typeof(ILogger<>), typeof(NullLogger<>)).AddSingleton<ILoggerFactory, NullLoggerFactory>();
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(new NodeInfo(name, Guid.NewGuid(), DateTimeOffset.UtcNow));
        services.AddSingleton(TestDatabases.Dialect);
        services.AddSingleton<DatabaseState>();
        services.AddSingleton<IInterceptor, CommitInterceptor>();
        services.AddSingleton<IDbContextFactory<AppDbContext>>(provider => new TestDatabases(connectionString, [.. provider.GetServices<IInterceptor>()]));
        services.AddSingleton<INodeBus>(provider => _bus.Join(provider));
        AddTopic<JobChanged>("jobs");
        AddTopic<JobsReady>("jobs.ready");
        AddTopic<JobCancelRequested>("jobs.cancel");
        AddTopic<JobRulesChanged>("jobs.rules");
        AddTopic<ScheduleChanged>("jobs.schedules");
        AddTopic<AccessChanged>("access");
        services.AddSingleton<AccessRegistry>().AddSingleton<PermissionCatalog>();
        services.AddScoped<CurrentCaller>();
        services.AddScoped<Guard>();
        services.Configure<JobsOptions>(settings =>
        {
            (settings.Slots, settings.PollMilliseconds, settings.ReportMilliseconds) = (4, 100, 50);
            // Nobody waits for this lease to end: a machine that stands still for seconds must not begin a second attempt.
            (settings.LeaseSeconds, settings.HeartbeatSeconds, settings.BackoffSeconds, settings.ShutdownSeconds) = (15, 0.5, 0.01, 0.2);
            settings.StuckSeconds = 0.5;
            options?.Invoke(settings);
        });
        services.AddSingleton(Work);
        services.AddSingleton(JobType.Of<TestJob, TestHandler>()).AddScoped<TestHandler>();
        services.AddSingleton(JobType.Of<FragileJob, TestHandler>());
        services.AddSingleton(JobType.Of<SingleJob, TestHandler>());
        services.AddSingleton(JobType.Of<ShortJob, TestHandler>());
        services.AddSingleton(JobType.Of<CleanUpJobs, JobsCleanup>()).AddScoped<JobsCleanup>().AddSingleton<BlazorAdmin.Features.Jobs.Statistics.StatisticsCompaction>();
        JobsSetup.AddEngine(services);
        more?.Invoke(services);
        _services = services.BuildServiceProvider();
        Databases = Get<IDbContextFactory<AppDbContext>>();

        void AddTopic<T>(string topic) where T : class
        {
            services.AddSingleton(provider => new Topic<T>(topic, provider.GetRequiredService<INodeBus>(), NullLogger<Topic<T>>.Instance));
            services.AddSingleton<ITopic>(provider => provider.GetRequiredService<Topic<T>>());
        }
    }

    public TestWork Work { get; }

    public IDbContextFactory<AppDbContext> Databases { get; }

    public T Get<T>() where T : notnull => _services.GetRequiredService<T>();

    public IServiceScope Scope() => _services.CreateScope();

    public async Task<TestNode> StartAsync()
    {
        _started = true;
        Get<DatabaseState>().SetReady();
        await Get<JobRunner>().StartAsync(CancellationToken.None);
        return this;
    }

    public async Task StopAsync()
    {
        if (!_started) return;
        _started = false;
        await Get<JobRunner>().StopAsync(CancellationToken.None);
    }

    public async Task<long> EnqueueAsync<T>(T arguments, EnqueueOptions? options = null, Caller? caller = null) where T : class
    {
        await using var db = await Databases.CreateDbContextAsync();
        var job = db.Enqueue(arguments, caller ?? Caller.Portal, DateTimeOffset.UtcNow, options);
        await db.SaveChangesAsync();
        return job.Id;
    }

    public async Task<Job> ReadAsync(long id)
    {
        await using var db = await Databases.CreateDbContextAsync();
        return await db.Set<Job>().AsNoTracking().SingleAsync(j => j.Id == id);
    }

    public async Task<List<JobAttempt>> AttemptsAsync(long id)
    {
        await using var db = await Databases.CreateDbContextAsync();
        return await db.Set<JobAttempt>().AsNoTracking().Where(a => a.JobId == id).OrderBy(a => a.StartedAt).ToListAsync();
    }

    /// <summary>Waits until the job is in <paramref name="state"/>.</summary>
    public async Task<Job> Reaches(long id, JobState state)
    {
        Job? job = null;
        await Eventually.Holds(async () => (job = await ReadAsync(id)).State == state, because: $"job {id} is {state}");
        return job!;
    }

    /// <summary>Claims as a worker that never reports again would.</summary>
    public async Task<IReadOnlyList<ClaimedJob>> ClaimAsync(string node, int max = 10, double leaseSeconds = 60, params TypeRoom[] types)
    {
        await using var db = await Databases.CreateDbContextAsync();
        await db.Database.OpenConnectionAsync();
        var rooms = types.Length > 0 ? types : [.. Get<JobTypes>().All.Select(t => new TypeRoom(t.Name, max))];
        return await Get<IJobSql>().ClaimAsync(db.Database.GetDbConnection(), new JobClaim(node, TimeSpan.FromSeconds(leaseSeconds), max, rooms), CancellationToken.None);
    }

    public async Task<T> WithConnection<T>(Func<System.Data.Common.DbConnection, Task<T>> use)
    {
        await using var db = await Databases.CreateDbContextAsync();
        await db.Database.OpenConnectionAsync();
        return await use(db.Database.GetDbConnection());
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _bus.Leave(_services);
        await _services.DisposeAsync();
    }
}

internal static class TabServices
{
    /// <summary>The services of the Jobs tab with the jobs that they start.</summary>
    public static IServiceCollection AddTab(this IServiceCollection services)
    {
        JobsSetup.AddTab(services);
        return services.AddSingleton(JobType.Of<BulkJobs, BulkHandler>()).AddSingleton(JobType.Of<UndoBulkJobs, BulkHandler>()).AddScoped<BulkHandler>();
    }
}

/// <summary>Carries topic messages between the nodes of one test.</summary>
public sealed class TestBus
{
    private readonly ConcurrentDictionary<IServiceProvider, bool> _nodes = new();

    public INodeBus Join(IServiceProvider node)
    {
        _nodes[node] = true;
        return new Sender(this, node);
    }

    public void Leave(IServiceProvider node) => _nodes.TryRemove(node, out _);

    private sealed class Sender(TestBus bus, IServiceProvider node) : INodeBus
    {
        public void Send(string topic, object message)
        {
            var json = JsonSerializer.SerializeToElement(message, message.GetType(), JsonSerializerOptions.Web);
            foreach (var other in bus._nodes.Keys.Where(n => n != node))
                foreach (var receiver in other.GetServices<ITopic>().Where(t => t.Name == topic))
                    receiver.Receive(json);
        }
    }
}
