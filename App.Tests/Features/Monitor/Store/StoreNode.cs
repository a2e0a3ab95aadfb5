using System.Collections.Frozen;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Monitor;
using BlazorAdmin.Features.Monitor.Store;
using BlazorAdmin.Security;
using BlazorAdmin.Tests.Data;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Tests.Features.Monitor.Store;

/// <summary>The store of one node on a real database and disk, whose loops and clock a test moves.</summary>
internal sealed class StoreNode : IDisposable
{
    private readonly string _connection;
    private readonly TestFolder _folder;
    private readonly MetricJournal _journal;
    private readonly SwitchedDatabases _databases;
    private readonly MetricReader _reader;
    private readonly string[] _keys;

    public StoreNode(string connection, string node, params string[] keys) : this(connection, new TestFolder(), new FakeTime(), node, keys) { }

    private StoreNode(string connection, TestFolder folder, FakeTime time, string node, string[] keys)
    {
        (_connection, _folder, Time, _keys) = (connection, folder, time, keys);
        var info = new NodeInfo(node, Guid.NewGuid(), time.GetUtcNow());
        _databases = new SwitchedDatabases(connection);
        _journal = new MetricJournal(MetricStoreSetup.Folder(new DataDirectory(folder.Path), info));
        Broadcaster = new TickBroadcaster(new SampleRing(6000));
        Catalog = new MetricCatalog(1, keys.Length, keys.Select((key, i) => new Metric(i, key, MetricFamily.Cpu, null, MetricKind.Percent)));
        Sealer = new MetricSealer(_databases, TestDatabases.Dialect, info, NullLogger<MetricSealer>.Instance);
        Cleanup = new MetricCleanup(_databases, Options, time);
        Writer = new MetricStoreWriter(Broadcaster, _journal, Sealer, Cleanup, State, new DatabaseState(), TestDatabases.Dialect, Options, time, Log);
        _reader = new MetricReader(_databases, new LiveSamples(Broadcaster, time), info, Options, NullLogger<MetricReader>.Instance);
        Writer.Begin();
    }

    public FakeTime Time { get; }

    public TickBroadcaster Broadcaster { get; }

    public MetricCatalog Catalog { get; }

    public MetricCleanup Cleanup { get; }

    public MetricSealer Sealer { get; }

    public MetricStoreWriter Writer { get; }

    public MetricStoreState State { get; } = new();

    public SettableOptions Options { get; } = new();

    public Logger<MetricStoreWriter> Log { get; } = new(NullLoggerFactory.Instance);

    /// <summary>Every sample that was taken, by time: what the store must know.</summary>
    public List<(long At, float[] Values)> Taken { get; private init; } = [];

    public bool DatabaseIsAway
    {
        set => _databases.Away = value;
    }

    public IDbContextFactory<AppDbContext> Databases => _databases;

    /// <summary>Samples every 100 ms for as long; the journal is written once a second.</summary>
    public void Run(TimeSpan length, Func<int, float> value)
    {
        for (var i = 0; i < length.TotalMilliseconds / 100; i++)
        {
            Time.Advance(TimeSpan.FromMilliseconds(100));
            Sample([.. _keys.Select((_, column) => value(i) + column)]);
            if (i % 10 == 9) Writer.Pump();
        }
    }

    public void Sample(params float[] values)
    {
        var at = Time.GetUtcNow().ToUnixTimeMilliseconds();
        Taken.Add((at, values));
        Broadcaster.Publish(Catalog, Broadcaster.Ring.Append(at, values), at, values);
    }

    public string[] Files() => Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories);

    public Task StartAsync() => Writer.StartAsync(CancellationToken.None);

    public Task SealAsync() => Writer.SealAsync(CancellationToken.None);

    /// <summary>A process that was killed and started again: memory is gone, the disk stays.</summary>
    public StoreNode Killed(string node)
    {
        _journal.Dispose();
        return new StoreNode(_connection, _folder, Time, node, _keys) { Taken = Taken };
    }

    public StoreNode Stopped(string node)
    {
        Writer.Pump();
        _journal.Finish();
        return Killed(node);
    }

    /// <summary>The history as somebody with these rights sees it.</summary>
    public MetricHistory History(params string[] permissions)
    {
        var current = new CurrentCaller(null!, new ServiceCollection().BuildServiceProvider());
        current.Use(new Caller(Guid.NewGuid(), null, "Person", AppDbContext.DefaultTenant, null, permissions.ToFrozenSet()));
        return new MetricHistory(new Guard(current, _databases), _databases, _reader, Time);
    }

    public MetricHistory History() => History(MonitorPermissions.Read);

    public void Dispose()
    {
        Writer.Dispose();
        _journal.Dispose();
        _folder.Dispose();
    }

    /// <summary>The database, or a place where none is.</summary>
    private sealed class SwitchedDatabases(string connection) : IDbContextFactory<AppDbContext>
    {
        private readonly TestDatabases _there = new(connection);
        private readonly TestDatabases _away = new(TestServer.Provider == DatabaseProvider.Postgres
            ? "Host=127.0.0.1;Port=1;Username=nobody;Database=none;Timeout=2"
            : "Server=127.0.0.1,1;User Id=nobody;Password=none;Database=none;Connect Timeout=2;TrustServerCertificate=true");

        public bool Away { get; set; }

        public AppDbContext CreateDbContext() => (Away ? _away : _there).CreateDbContext();
    }

    internal sealed class SettableOptions : IOptionsMonitor<MonitorOptions>
    {
        public MonitorOptions CurrentValue { get; set; } = new();

        public MonitorOptions Get(string? name) => CurrentValue;

        public IDisposable? OnChange(Action<MonitorOptions, string?> listener) => null;
    }
}
