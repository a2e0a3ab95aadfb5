using BlazorAdmin.Data.Embedded;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace BlazorAdmin.Tests.Data;

public sealed class EmbeddedPostgresTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [PostgresFact]
    public async Task StartAsync_NewDirectory_CreatesDatabaseThatSpeaksUtf8()
    {
        await using var server = await StartAsync();

        server.StartupTime.ShouldBeGreaterThan(TimeSpan.Zero);
        (await ReadAsync(server, "SELECT current_database()")).ShouldBe("blazoradmin");
        (await ReadAsync(server, "SHOW server_encoding")).ShouldBe("UTF8");
        (await ReadAsync(server, "SHOW data_checksums")).ShouldBe("on");
        (await ReadAsync(server, "SELECT lower('ÄÖÜ') || upper('grün')")).ShouldBe("äöüGRÜN");
    }

    [PostgresFact]
    public async Task StartAsync_Default_IsDurable()
    {
        await using var server = await StartAsync(_folder.Path, NullLogger.Instance, fast: false);

        foreach (var setting in new[] { "fsync", "synchronous_commit", "full_page_writes" })
            (await ReadAsync(server, $"SHOW {setting}")).ShouldBe("on");
    }

    [PostgresFact]
    public async Task StartAsync_NewDirectory_TextSearchKnowsLettersFromTypographicMarks()
    {
        await using var server = await StartAsync();

        (await ReadAsync(server, "SELECT to_tsvector('german', '„Maß“ – Übung…')::text")).ShouldBe("'mass':1 'ubung':2");
    }

    [PostgresFact]
    public async Task StartAsync_NewDirectory_AdmitsNobodyElse()
    {
        await using var server = await StartAsync();

        (await ReadAsync(server, "SHOW listen_addresses")).ShouldBe("");
        var place = new NpgsqlConnectionStringBuilder(server.ConnectionString);
        const UnixFileMode ownerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        File.GetUnixFileMode(place.Host!).ShouldBe(ownerOnly);
        File.GetUnixFileMode(_folder["postgres"]).ShouldBe(ownerOnly);
        File.GetUnixFileMode(Path.Combine(_folder["postgres"], "portal.password")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);

        place.Password = "guessed";
        var refused = await Should.ThrowAsync<PostgresException>(() => ReadAsync(place.ConnectionString, "SELECT 1"));
        refused.SqlState.ShouldBe(PostgresErrorCodes.InvalidPassword);
    }

    [PostgresFact]
    public async Task StartAsync_AfterStop_KeepsDataAndConnectionString()
    {
        string first;
        await using (var server = await StartAsync())
        {
            first = server.ConnectionString;
            await ReadAsync(server, "CREATE TABLE kept AS SELECT 42 AS value");
        }

        await using var again = await StartAsync();

        again.ConnectionString.ShouldBe(first);
        (await ReadAsync(again, "SELECT value::text FROM kept")).ShouldBe("42");
    }

    [PostgresFact]
    public async Task StopAsync_Twice_LeavesNoServerAndNoLock()
    {
        var server = await StartAsync();
        var process = server.ServerProcessId;

        await server.StopAsync();
        await server.StopAsync();

        ProcessExists(process).ShouldBeFalse();
        File.Exists(PostmasterFile.PathIn(_folder["postgres"])).ShouldBeFalse();
        DataDirectoryLock.Acquire(_folder.Path).Dispose();
    }

    [PostgresFact]
    public async Task StartAsync_DirectoryInUse_RefusesWithOneLineAndLeavesTheFirstAlone()
    {
        await using var server = await StartAsync();

        var refused = await Should.ThrowAsync<EmbeddedPostgresException>(StartAsync);

        refused.Message.ShouldBe($"The data directory {_folder.Path} is in use by another portal (process {Environment.ProcessId}). Stop that one, or choose another DataDirectory.");
        (await ReadAsync(server, "SELECT 'alive'")).ShouldBe("alive");
    }

    [PostgresFact]
    public async Task StartAsync_OtherMajorVersion_RefusesWithOneLine()
    {
        Directory.CreateDirectory(_folder["postgres"]);
        await File.WriteAllTextAsync(Path.Combine(_folder["postgres"], "PG_VERSION"), "15\n");

        var refused = await Should.ThrowAsync<EmbeddedPostgresException>(StartAsync);

        refused.Message.ShouldContain("was made by PostgreSQL 15, the embedded server is PostgreSQL 18");
        refused.Message.ShouldNotContain("\n");
    }

    [PostgresFact]
    public async Task StartAsync_FilesThatAreNoCluster_RefusesAndKeepsThem()
    {
        Directory.CreateDirectory(_folder["postgres"]);
        await File.WriteAllTextAsync(Path.Combine(_folder["postgres"], "notes.txt"), "mine");

        var refused = await Should.ThrowAsync<EmbeddedPostgresException>(StartAsync);

        refused.Message.ShouldContain("PG_VERSION is missing");
        (await File.ReadAllTextAsync(Path.Combine(_folder["postgres"], "notes.txt"))).ShouldBe("mine");
    }

    [PostgresFact]
    public async Task StartAsync_InterruptedCreation_StartsOver()
    {
        Directory.CreateDirectory(_folder["postgres.new"]);
        await File.WriteAllTextAsync(Path.Combine(_folder["postgres.new"], "PG_VERSION"), "18\n");

        await using var server = await StartAsync();

        (await ReadAsync(server, "SELECT 'alive'")).ShouldBe("alive");
        Directory.Exists(_folder["postgres.new"]).ShouldBeFalse();
    }

    [PostgresFact]
    public async Task StartAsync_BrokenConfiguration_SaysWhatTheServerSaid()
    {
        await (await StartAsync()).DisposeAsync();
        await File.AppendAllTextAsync(Path.Combine(_folder["postgres"], "postgresql.conf"), "max_wal_senders = many\n");

        var refused = await Should.ThrowAsync<EmbeddedPostgresException>(StartAsync);

        refused.Message.ShouldContain("PostgreSQL does not start");
        refused.Message.ShouldNotContain("\n");
        DataDirectoryLock.Acquire(_folder.Path).Dispose();
    }

    [PostgresFact]
    public async Task StartAsync_LongDataDirectory_ListensElsewhere()
    {
        var deep = _folder[Path.Combine(new string('a', 60), new string('b', 60))];
        string socket;
        await using (var server = await StartAsync(deep, NullLogger.Instance))
        {
            socket = new NpgsqlConnectionStringBuilder(server.ConnectionString).Host!;
            socket.Length.ShouldBeLessThan(86);
            (await ReadAsync(server, "SELECT 'alive'")).ShouldBe("alive");
        }
        Directory.Exists(socket).ShouldBeFalse();
    }

    [PostgresFact]
    public async Task StartAsync_RelativeDirectory_Refuses() =>
        (await Should.ThrowAsync<EmbeddedPostgresException>(() => StartAsync("App_Data", NullLogger.Instance))).Message.ShouldContain("absolute path");

    internal static bool ProcessExists(int process) => Directory.Exists($"/proc/{process}");

    internal static Task<string?> ReadAsync(EmbeddedPostgres server, string sql) => ReadAsync(server.ConnectionString, sql);

    internal static async Task<string?> ReadAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync() as string;
    }

    /// <summary>Killed processes lose nothing that the system already has, so tests need not wait for the disk.</summary>
    internal static Task<EmbeddedPostgres> StartAsync(string dataDirectory, ILogger logger, bool fast = true) =>
        EmbeddedPostgres.StartAsync(new EmbeddedPostgresOptions { DataDirectory = dataDirectory, BinariesDirectory = PostgresBinaries.Locate(Repository.Root), FastButUnsafe = fast }, logger);

    private Task<EmbeddedPostgres> StartAsync() => StartAsync(_folder.Path, NullLogger.Instance);
}
