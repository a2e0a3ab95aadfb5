using BlazorAdmin.Data;
using BlazorAdmin.Live;
using BlazorAdmin.Tests.Data;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace BlazorAdmin.Tests.Live;

/// <summary>What topics carry in these tests.</summary>
public sealed record Changed(long Id, string? Text = null);

/// <summary>The live part of one process on a database: a bus and one topic.</summary>
internal sealed class TestNode : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private TestNode(string connectionString, bool outbox, string name)
    {
        Info = new NodeInfo(name, Guid.NewGuid(), DateTimeOffset.UtcNow);
        State = new DatabaseState();
        var services = new ServiceCollection();
        services.AddSingleton<INodeBus>(provider =>
        {
            var databases = new TestDatabases(connectionString);
            return outbox
                ? new OutboxNodeBus(databases, Info, State, provider, TimeProvider.System, NullLogger<OutboxNodeBus>.Instance)
                : new PostgresNodeBus(databases, Info, State, provider, TimeProvider.System, NullLogger<PostgresNodeBus>.Instance);
        });
        services.AddSingleton(provider => new Topic<Changed>("changed", provider.GetRequiredService<INodeBus>(), NullLogger<Topic<Changed>>.Instance));
        services.AddSingleton<ITopic>(provider => provider.GetRequiredService<Topic<Changed>>());
        _services = services.BuildServiceProvider();
        Bus = (NodeBus)_services.GetRequiredService<INodeBus>();
        Topic = _services.GetRequiredService<Topic<Changed>>();
        Topic.Subscribe(Received.Enqueue, () => Interlocked.Increment(ref _gaps));
    }

    private int _gaps;

    public NodeInfo Info { get; }

    public DatabaseState State { get; }

    public NodeBus Bus { get; }

    public Topic<Changed> Topic { get; }

    public System.Collections.Concurrent.ConcurrentQueue<Changed> Received { get; } = new();

    public int Gaps => Volatile.Read(ref _gaps);

    public static async Task<TestNode> StartAsync(string connectionString, bool outbox, string name)
    {
        var node = new TestNode(connectionString, outbox, name);
        node.State.SetReady();
        await node.Bus.StartAsync(CancellationToken.None);
        await Eventually.Holds(() => node.Bus.IsConnected);
        return node;
    }

    public static TestNode NotStarted(string connectionString, string name) => new(connectionString, outbox: false, name);

    public async ValueTask DisposeAsync()
    {
        await Bus.StopAsync(CancellationToken.None);
        await _services.DisposeAsync();
    }
}
