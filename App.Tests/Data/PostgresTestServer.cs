using BlazorAdmin.Data.Embedded;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace BlazorAdmin.Tests.Data;

/// <summary>
/// The database server of a test run: an embedded one, started by the first test that needs it and stopped with the process,
/// or the one that TEST_POSTGRES (a connection string to an administrative database) names.
/// </summary>
public static class PostgresTestServer
{
    private static readonly Lazy<Task<string>> Administration = new(StartAsync);
    private static readonly Lazy<Task<string?>> Template = new(CreateTemplateAsync);
    private static readonly string Run = Guid.NewGuid().ToString("N")[..8];
    private static int _count;

    /// <summary>
    /// Fills a database, given by its connection string, that every later test database is copied from: migrate and seed here.
    /// To be set before the first test, in a module initializer.
    /// </summary>
    public static Func<string, Task>? PrepareTemplate { get; set; }

    /// <summary>A new database: a copy of the template, or an empty one where there is no template or none is wanted.</summary>
    public static async Task<TestDatabase> CreateDatabaseAsync(bool empty = false)
    {
        var administration = await Administration.Value;
        var template = empty ? null : await Template.Value;
        var name = $"test_{Run}_{Interlocked.Increment(ref _count)}";
        await ExecuteAsync(administration, $"CREATE DATABASE \"{name}\" TEMPLATE \"{template ?? "template0"}\"");
        return new TestDatabase(administration, name);
    }

    internal static string For(string administration, string database) =>
        new NpgsqlConnectionStringBuilder(administration) { Database = database, Pooling = true, MaxPoolSize = 20, IncludeErrorDetail = true }.ConnectionString;

    internal static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<string> StartAsync()
    {
        if (Environment.GetEnvironmentVariable("TEST_POSTGRES") is { Length: > 0 } given)
            return new NpgsqlConnectionStringBuilder(given) { Pooling = false }.ConnectionString;

        var runs = Path.Combine(Path.GetTempPath(), $"blazoradmin-tests-{Environment.UserName}");
        RemoveEarlierRuns(runs);
        var folder = Path.Combine(runs, Run);
        var server = await EmbeddedPostgres.StartAsync(
            new EmbeddedPostgresOptions
            {
                DataDirectory = folder,
                BinariesDirectory = PostgresBinaries.Locate(Repository.Root),
                FastButUnsafe = true,
                MaxConnections = 300,
            },
            NullLogger.Instance);
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            server.StopAsync().GetAwaiter().GetResult();
            Directory.Delete(folder, recursive: true);
        };
        return new NpgsqlConnectionStringBuilder(server.ConnectionString) { Database = "postgres", Pooling = false }.ConnectionString;
    }

    private static async Task<string?> CreateTemplateAsync()
    {
        if (PrepareTemplate is not { } prepare)
            return null;
        var administration = await Administration.Value;
        var name = $"template_{Run}";
        await ExecuteAsync(administration, $"CREATE DATABASE \"{name}\" TEMPLATE template0");
        // A template must have no connection while it is copied, so none may stay in a pool.
        await prepare(new NpgsqlConnectionStringBuilder(For(administration, name)) { Pooling = false }.ConnectionString);
        var template = new TestDatabase(administration, name);
        if (Environment.GetEnvironmentVariable("TEST_POSTGRES") is { Length: > 0 })
            AppDomain.CurrentDomain.ProcessExit += (_, _) => template.DisposeAsync().AsTask().GetAwaiter().GetResult();
        return name;
    }

    /// <summary>A killed test run leaves its cluster behind; one that is still running holds its lock file.</summary>
    private static void RemoveEarlierRuns(string runs)
    {
        if (!Directory.Exists(runs))
            return;
        foreach (var folder in Directory.EnumerateDirectories(runs))
        {
            try
            {
                using (DataDirectoryLock.Acquire(folder))
                {
                    if (File.Exists(PostmasterFile.PathIn(PostgresCluster.PathIn(folder))))
                        continue;
                }
                Directory.Delete(folder, recursive: true);
            }
            catch (Exception exception) when (exception is EmbeddedPostgresException or IOException)
            {
                // It is another run's.
                continue;
            }
        }
    }
}
