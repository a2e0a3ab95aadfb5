using System.Collections.Frozen;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Features.Jobs.Operations;
using BlazorAdmin.Features.Jobs.Rules;
using BlazorAdmin.Features.Jobs.Signals;
using BlazorAdmin.Features.Jobs.Statistics;
using BlazorAdmin.Live;
using BlazorAdmin.Security;
using BlazorAdmin.Tests.Live;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace BlazorAdmin.Tests.Features.Jobs.Operations;

/// <summary>A node that is not started, with the services that steer the engine, for somebody to act.</summary>
public sealed class OperationsFixture : IAsyncDisposable
{
    public static readonly Caller Operator =
        new(Guid.NewGuid(), null, "Olga", AppDbContext.DefaultTenant, "10.0.0.1", new[] { JobsPermissions.Read, JobsPermissions.Manage }.ToFrozenSet());

    public static readonly Caller Auditor = Operator with { Name = "Anton", Permissions = new[] { JobsPermissions.Read }.ToFrozenSet() };
    public static readonly Caller Member = Operator with { Permissions = FrozenSet<string>.Empty };

    private readonly List<IServiceScope> _scopes = [];

    public OperationsFixture(string connectionString, Action<SignalOptions>? signals = null, Action<IServiceCollection>? more = null)
    {
        Node = new TestNode(connectionString, "here", options: options => options.LeaseSeconds = 2, more: services =>
        {
            services.AddLocalization();
            services.AddSingleton<IInterceptor>(provider => new AuditInterceptor(TimeProvider.System, provider.GetRequiredService<NodeInfo>()));
            services.AddSingleton<JobTraffic>().AddScoped<JobRulesService>().AddScoped<WorkersService>().AddScoped<SignalsService>();
            services.AddSingleton(provider => new Topic<WorkersChanged>("jobs.workers", provider.GetRequiredService<INodeBus>(), NullLogger<Topic<WorkersChanged>>.Instance));
            services.AddSingleton(provider => new Topic<SignalsChanged>("jobs.signals", provider.GetRequiredService<INodeBus>(), NullLogger<Topic<SignalsChanged>>.Instance));
            services.Configure<SignalOptions>(options => signals?.Invoke(options));
            SignalsSetup.AddSources(services);
            services.AddSingleton<SignalWatch>();
            more?.Invoke(services);
        });
        Node.Get<Topic<JobRulesChanged>>().Subscribe(_ => RuleChanges++);
        Node.Get<Topic<WorkersChanged>>().Subscribe(message => Workers.Add(message.Node));
    }

    public TestNode Node { get; }

    /// <summary>Messages on <c>jobs.rules</c>.</summary>
    public int RuleChanges { get; private set; }

    /// <summary>Nodes named on <c>jobs.workers</c>.</summary>
    public List<string> Workers { get; } = [];

    public T As<T>(Caller caller) where T : notnull
    {
        var scope = Node.Scope();
        _scopes.Add(scope);
        scope.ServiceProvider.GetRequiredService<CurrentCaller>().Use(caller);
        return scope.ServiceProvider.GetRequiredService<T>();
    }

    public async Task ClearAsync()
    {
        await using var db = await Node.Databases.CreateDbContextAsync();
        await db.Set<Job>().ExecuteDeleteAsync();
        await db.Set<JobPause>().ExecuteDeleteAsync();
        await db.Set<JobTypeRule>().ExecuteDeleteAsync();
        await db.Set<JobStat>().ExecuteDeleteAsync();
        await db.Set<JobTypeState>().ExecuteDeleteAsync();
        await db.Set<JobSignal>().ExecuteDeleteAsync();
        await db.Set<WorkerNode>().ExecuteDeleteAsync();
        await db.Set<AuditEntry>().ExecuteDeleteAsync();
        await db.Set<BlazorAdmin.Features.Notifications.Notification>().ExecuteDeleteAsync();
        await db.Set<BlazorAdmin.Features.Settings.SystemValue>().Where(v => v.Key == SignalWatch.LastLook).ExecuteDeleteAsync();
    }

    public async Task AddAsync(params object[] rows)
    {
        await using var db = await Node.Databases.CreateDbContextAsync();
        using var engine = AuditScope.EngineOwn();
        db.AddRange(rows);
        await db.SaveChangesAsync();
    }

    public async Task<T> QueryAsync<T>(Func<AppDbContext, Task<T>> query)
    {
        await using var db = await Node.Databases.CreateDbContextAsync();
        return await query(db);
    }

    public Task<List<AuditEntry>> AuditAsync() => QueryAsync(db => db.Set<AuditEntry>().AsNoTracking().OrderBy(a => a.Id).ToListAsync());

    public static WorkerNode Worker(string name, TimeSpan silence = default) => new()
    {
        Name = name, Instance = Guid.NewGuid(), StartedAt = DateTimeOffset.UtcNow.AddHours(-1), HeartbeatAt = DateTimeOffset.UtcNow - silence, Slots = 4, Running = 1, Buffered = 2,
    };

    public static JobStat Stat(string type, string node, int minutesAgo, int succeeded, int failed, int seconds = 60) => new()
    {
        TenantId = AppDbContext.DefaultTenant, At = DateTimeOffset.UtcNow.AddMinutes(-minutesAgo), Seconds = seconds, Type = type, Node = node,
        Succeeded = succeeded, Failed = failed, Waits = [], Runs = [],
    };

    public async ValueTask DisposeAsync()
    {
        foreach (var scope in _scopes) scope.Dispose();
        await Node.DisposeAsync();
    }
}
