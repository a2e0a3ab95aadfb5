using BlazorAdmin.Benchmarks.Hosting;
using BlazorAdmin.Data;
using BlazorAdmin.Data.Embedded;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace BlazorAdmin.Benchmarks.Jobs;

/// <summary>The embedded server with the settings that the portal starts it with, and databases on it.</summary>
internal sealed class JobsServer : IAsyncDisposable
{
    private const string Template = "bench_template";

    private readonly EmbeddedPostgres _server;

    private JobsServer(EmbeddedPostgres server, string folder) => (_server, Folder) = (server, folder);

    public string Folder { get; }

    /// <summary>A database that only the probes use.</summary>
    public string Probes => _server.ConnectionString;

    public static async Task<JobsServer> StartAsync(CancellationToken cancellation)
    {
        var folder = Path.Combine(Repository.Artifacts, $"jobs-{Guid.NewGuid():N}"[..13]);
        var options = new EmbeddedPostgresOptions { DataDirectory = folder, BinariesDirectory = PostgresBinaries.Locate(Repository.Root) };
        var server = new JobsServer(await EmbeddedPostgres.StartAsync(options, NullLogger.Instance, cancellation), folder);
        await server.CreateEmptyAsync(Template, cancellation);
        await using var db = new PostgresDbContext(new DbContextOptionsBuilder<PostgresDbContext>().UseNpgsql(server.For(Template)).Options);
        await db.Database.MigrateAsync(cancellation);
        return server;
    }

    /// <summary>A database with the portal's schema and nothing in it.</summary>
    public Task<string> CreateAsync(string name, CancellationToken cancellation) => CreateAsync(name, $" TEMPLATE {Template}", cancellation);

    /// <summary>A database without a schema, for peers.</summary>
    public Task<string> CreateEmptyAsync(string name, CancellationToken cancellation) => CreateAsync(name, "", cancellation);

    public async Task DropAsync(string connectionString, CancellationToken cancellation)
    {
        NpgsqlConnection.ClearAllPools();
        await ExecuteAsync(Probes, $"DROP DATABASE {new NpgsqlConnectionStringBuilder(connectionString).Database} WITH (FORCE)", cancellation);
    }

    /// <summary>Processor time of the server with all its sessions so far, those that have ended included; zero where /proc does not tell.</summary>
    public TimeSpan ProcessorTime()
    {
        if (!OperatingSystem.IsLinux()) return TimeSpan.Zero;
        var ticks = 0L;
        foreach (var file in Directory.EnumerateDirectories("/proc").Select(folder => Path.Combine(folder, "stat")))
        {
            try
            {
                // After the name in parentheses: state, parent; utime and stime are fields 14 and 15, those of ended children 16 and 17.
                var text = File.ReadAllText(file);
                var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
                var id = int.Parse(Path.GetFileName(Path.GetDirectoryName(file)!), System.Globalization.CultureInfo.InvariantCulture);
                if (id == _server.ServerProcessId) ticks += Sum(fields[11..15]);
                else if (fields[1] == _server.ServerProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture)) ticks += Sum(fields[11..13]);
            }
            catch (Exception exception) when (exception is IOException or FormatException or UnauthorizedAccessException)
            {
                continue; // not a process, or one that has just ended
            }
        }

        return TimeSpan.FromMilliseconds(ticks * 10);

        static long Sum(string[] values) => values.Sum(value => long.Parse(value, System.Globalization.CultureInfo.InvariantCulture));
    }

    /// <summary>
    /// Commits in a database so far. Sessions report theirs at the latest when they end, so every pool is emptied first.
    /// </summary>
    public async Task<long> CommitsAsync(string connectionString, CancellationToken cancellation)
    {
        NpgsqlConnection.ClearAllPools();
        var database = new NpgsqlConnectionStringBuilder(connectionString).Database;
        for (var last = -1L; ;)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(300), cancellation);
            var now = await ScalarAsync(Probes, $"SELECT xact_commit FROM pg_stat_database WHERE datname = '{database}'", cancellation);
            if (now == last) return now;
            last = now;
        }
    }

    public static async Task<long> ScalarAsync(string connectionString, string sql, CancellationToken cancellation)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancellation);
        await using var command = new NpgsqlCommand(sql, connection);
        return Convert.ToInt64(await command.ExecuteScalarAsync(cancellation), System.Globalization.CultureInfo.InvariantCulture);
    }

    public static async Task ExecuteAsync(string connectionString, string sql, CancellationToken cancellation)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancellation);
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await _server.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    private string For(string database) => new NpgsqlConnectionStringBuilder(_server.ConnectionString) { Database = database }.ConnectionString;

    private async Task<string> CreateAsync(string name, string how, CancellationToken cancellation)
    {
        // A template must have no session while it is copied.
        NpgsqlConnection.ClearAllPools();
        await ExecuteAsync(Probes, $"CREATE DATABASE {name}{how}", cancellation);
        return For(name);
    }
}
