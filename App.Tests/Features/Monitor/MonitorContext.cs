using System.Collections.Frozen;
using BlazorAdmin.Features.Monitor;
using BlazorAdmin.Live;
using BlazorAdmin.Security;
using BlazorAdmin.Tests.Data;
using BlazorAdmin.Tests.Shell;
using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace BlazorAdmin.Tests.Features.Monitor;

/// <summary>One circuit with live metrics: a person whose permissions a test sets, a sampler that a test moves, a browser that bunit plays.</summary>
internal sealed class MonitorContext : IAsyncDisposable
{
    private readonly CurrentCaller _current;
    private readonly Topic<AccessChanged> _access;
    private MetricCatalog _catalog;

    public MonitorContext(string? connection = null, params string[] permissions) : this(connection, _ => { }, permissions) { }

    /// <param name="connection">Database for refusals, which are audited; null where none is expected.</param>
    /// <param name="register">Further services.</param>
    public MonitorContext(string? connection, Action<IServiceCollection> register, params string[] permissions)
    {
        Page = new ShellContext();
        Module = Page.JSInterop.SetupModule("./js/live-chart.js");
        Module.Mode = JSRuntimeMode.Loose;
        Module.Setup<double>("attach", _ => true).SetResult(60);
        LastSequence = Module.Setup<double>("lastSequence");
        LastSequence.SetResult(0);

        var services = Page.Services;
        services.AddSingleton<INodeBus, NoOtherNode>();
        services.AddSingleton(provider => new Topic<AccessChanged>("access", provider.GetRequiredService<INodeBus>(), provider.GetRequiredService<ILogger<Topic<AccessChanged>>>()));
        services.AddSingleton<IDbContextFactory<BlazorAdmin.Data.AppDbContext>>(new TestDatabases(connection ?? ""));
        services.AddSingleton<AccessRegistry>().AddSingleton<PermissionCatalog>();
        services.AddScoped<CurrentCaller>();
        services.AddScoped<Guard>();
        services.AddScoped<PageVisibility>();
        services.AddSingleton(new SampleRing(1000));
        services.AddSingleton<TickBroadcaster>();
        services.AddScoped<LiveChartStream>();
        register(services);

        _current = services.GetRequiredService<CurrentCaller>();
        _access = services.GetRequiredService<Topic<AccessChanged>>();
        Broadcaster = services.GetRequiredService<TickBroadcaster>();
        Stream = services.GetRequiredService<LiveChartStream>();
        _catalog = Catalog(1, "cpu.total", "cpu.core.0");
        Grant(permissions);
        Tick();
    }

    public ShellContext Page { get; }

    public BunitJSModuleInterop Module { get; }

    public JSRuntimeInvocationHandler<double> LastSequence { get; }

    public TickBroadcaster Broadcaster { get; }

    public LiveChartStream Stream { get; }

    /// <summary>Components of the page that listen; the registry of rights always does.</summary>
    public int Listeners => _access.SubscriberCount - 1;

    public int Opened => Module.Invocations["open"].Count;

    public void Grant(params string[] permissions)
    {
        _current.Use(new Caller(Guid.NewGuid(), null, "Person", BlazorAdmin.Data.AppDbContext.DefaultTenant, null, permissions.ToFrozenSet()));
        _access.PublishHere(new AccessChanged(null));
    }

    /// <summary>Takes a sample.</summary>
    public void Tick()
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        var values = new float[_catalog.Width];
        var sequence = Broadcaster.Ring.Append(now, values);
        Broadcaster.Publish(_catalog, sequence, now, values);
    }

    public void PlugIn(params string[] keys)
    {
        _catalog = Catalog(_catalog.Version + 1, keys);
        Tick();
    }

    private static MetricCatalog Catalog(int version, params string[] keys) => new(version, keys.Length,
        keys.Select((key, i) => new Metric(i, key, MetricFamily.Cpu, key.Contains("core") ? key[^1..] : null, MetricKind.Percent)));

    public async ValueTask DisposeAsync() => await Page.DisposeAsync();

    private sealed class NoOtherNode : INodeBus
    {
        public void Send(string topic, object message) { }
    }
}
