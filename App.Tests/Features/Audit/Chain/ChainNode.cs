using BlazorAdmin.Data;
using BlazorAdmin.Data.Keys;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Audit.Chain;
using BlazorAdmin.Live;
using BlazorAdmin.Security;
using BlazorAdmin.Tests.Data;
using BlazorAdmin.Tests.Live;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace BlazorAdmin.Tests.Features.Audit.Chain;

/// <summary>What one node has of the chain, on a database of its own or of another node, with a data directory of its own.</summary>
internal sealed class ChainNode : IAsyncDisposable
{
    internal static readonly byte[] Key = [.. Enumerable.Range(0, RootKey.Length).Select(i => (byte)i)];

    private readonly TestFolder _folder = new();
    private readonly ServiceProvider _services;
    private readonly TestDatabase? _database;

    private ChainNode(string connectionString, TestDatabase? database, TimeProvider? time)
    {
        (ConnectionString, _database) = (connectionString, database);
        var services = new ServiceCollection();
        services.AddSingleton(typeof(ILogger<>), typeof(NullLogger<>));
        services.AddSingleton(time ?? TimeProvider.System);
        services.AddSingleton(TestDatabases.Dialect);
        services.AddSingleton(new DataDirectory(_folder.Path));
        services.AddSingleton<DatabaseState>();
        services.AddSingleton<INodeBus, RecordingBus>();
        services.AddSingleton(provider => new Topic<AuditWritten>("audit", provider.GetRequiredService<INodeBus>(), NullLogger<Topic<AuditWritten>>.Instance));
        services.AddSingleton(provider => new Topic<AuditChainChanged>("audit.chain", provider.GetRequiredService<INodeBus>(), NullLogger<Topic<AuditChainChanged>>.Instance));
        services.AddSingleton<AuditSignal>();
        services.AddSingleton<IDbContextFactory<AppDbContext>>(provider => new TestDatabases(connectionString, provider.GetRequiredService<AuditSignal>(), new CommitInterceptor(NullLogger<CommitInterceptor>.Instance)));
        services.AddSingleton<RootKey>();
        services.AddSingleton(Options);
        services.AddSingleton<Microsoft.Extensions.Options.IOptionsMonitor<AuditOptions>>(Options);
        services.AddSingleton<AuditRetention>();
        ChainSetup.AddChain(services);
        _services = services.BuildServiceProvider();
        Get<RootKey>().Load(Key);
    }

    public string ConnectionString { get; }

    public SetOptions<AuditOptions> Options { get; } = new(new AuditOptions());

    public AuditSealer Sealer => Get<AuditSealer>();

    public AnchorFile AnchorFile => Get<AnchorFile>();

    public static async Task<ChainNode> CreateAsync(bool isProtected = false, TimeProvider? time = null)
    {
        var database = await TestDatabase.CreateAsync();
        var node = new ChainNode(database.ConnectionString, database, time);
        if (isProtected) await node.ProtectAsync();
        return node;
    }

    /// <summary>Another process on the same database.</summary>
    public ChainNode Another() => new(ConnectionString, null, null);

    public T Get<T>() where T : notnull => _services.GetRequiredService<T>();

    public AppDbContext Open() => Get<IDbContextFactory<AppDbContext>>().CreateDbContext();

    public async Task ProtectAsync()
    {
        await using var db = Open();
        await Get<IAuditSql>().ProtectAsync(db, default);
    }

    /// <summary>Writes rows as commands do, each in a transaction of its own.</summary>
    public async Task WriteAsync(int count, string action = "tests.write")
    {
        for (var i = 0; i < count; i++)
        {
            await using var db = Open();
            db.Audit(Caller.Portal with { Address = "192.0.2.7" }, action, "thing", i, $"thing {i}", new { number = i, text = "größer" });
            await db.SaveChangesAsync();
        }
    }

    /// <summary>Writes rows and seals them.</summary>
    public async Task SealAsync(int count)
    {
        await WriteAsync(count);
        await Sealer.SealAsync(default);
    }

    public Task<VerificationReport> VerifyAsync() => Get<AuditVerifier>().VerifyAsync(null, default);

    public async Task<IReadOnlyList<ChainRow>> SealedAsync()
    {
        await using var db = Open();
        return await Get<ChainReader>().SealedAsync(db, 0, 100_000, default);
    }

    public async Task<int> ExecuteAsync(FormattableString sql)
    {
        await using var db = Open();
        return await db.Database.ExecuteSqlAsync(sql);
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        if (_database is not null) await _database.DisposeAsync();
        _folder.Dispose();
    }
}
