using Npgsql;

namespace BlazorAdmin.Tests.Data;

/// <summary>One database on the server of this run, dropped on dispose.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private static readonly string Run = Guid.NewGuid().ToString("N")[..8];
    private static readonly Lazy<Task<TestServer>> Server = new(StartAsync);
    private static readonly Lazy<Task<string>> Template = new(CreateTemplateAsync);
    private static int _count;

    private readonly TestServer _server;

    private TestDatabase(TestServer server, string name) => (_server, Name, ConnectionString) = (server, name, server.ConnectionTo(name));

    public string Name { get; }

    public string ConnectionString { get; }

    /// <summary>A new database with the portal's schema, or an empty one.</summary>
    public static async Task<TestDatabase> CreateAsync(bool empty = false)
    {
        var server = await Server.Value;
        var database = new TestDatabase(server, $"test_{Run}_{Interlocked.Increment(ref _count)}");
        await server.CreateAsync(database.Name, empty || !server.CopiesDatabases ? null : await Template.Value);
        if (!empty && !server.CopiesDatabases) await MigrateAsync(database.ConnectionString);
        return database;
    }

    public async ValueTask DisposeAsync() => await _server.DropAsync(Name);

    private static async Task<TestServer> StartAsync()
    {
        if (TestServer.FromEnvironment() is not { } given) return await EmbeddedTestServer.StartAsync(Run);
        await given.CheckAsync();
        return given;
    }

    private static async Task<string> CreateTemplateAsync()
    {
        var server = await Server.Value;
        var name = $"template_{Run}";
        await server.CreateAsync(name);
        // A template must have no connection while it is copied, so none may stay in a pool.
        await MigrateAsync(new NpgsqlConnectionStringBuilder(server.ConnectionTo(name)) { Pooling = false }.ConnectionString);
        if (TestServer.FromEnvironment() is not null)
            AppDomain.CurrentDomain.ProcessExit += (_, _) => server.DropAsync(name).GetAwaiter().GetResult();
        return name;
    }

    private static async Task MigrateAsync(string connectionString)
    {
        await using var db = new TestDatabases(connectionString).CreateDbContext();
        await db.Database.MigrateAsync();
    }
}
