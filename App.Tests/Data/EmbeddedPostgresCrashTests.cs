using System.Diagnostics;
using BlazorAdmin.Data.Embedded;
using Npgsql;
using static BlazorAdmin.Tests.Data.EmbeddedPostgresTests;

namespace BlazorAdmin.Tests.Data;

public sealed class EmbeddedPostgresCrashTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly RecordingLogger _logger = new();

    public void Dispose() => _folder.Dispose();

    [PostgresFact]
    public async Task Supervision_ServerKilled_StartsItAgainWithCommittedData()
    {
        await using var server = await StartAsync(_folder.Path, _logger);
        await ReadAsync(server, "CREATE TABLE kept AS SELECT 42 AS value");
        var connection = server.ConnectionString;
        var killed = server.ServerProcessId;

        Process.GetProcessById(killed).Kill();

        // A session of the dead server may still answer for a moment.
        await Eventually.Holds(() => server.ServerProcessId is not 0 and var id && id != killed, because: "another server runs");
        await Eventually.Holds(async () => await ReadAsync(connection, "SELECT value::text FROM kept") == "42", because: "it has the data");
        server.ConnectionString.ShouldBe(connection);
        _logger.Contains("ended unexpectedly").ShouldBeTrue();
    }

    [PostgresFact]
    public async Task Supervision_KilledTwiceInARow_StartsItAgainBothTimes()
    {
        await using var server = await StartAsync(_folder.Path, _logger);
        for (var round = 0; round < 2; round++)
        {
            var killed = server.ServerProcessId;
            Process.GetProcessById(killed).Kill();
            await Eventually.Holds(async () => server.ServerProcessId is var id && id != 0 && id != killed && await ReadAsync(server, "SELECT 'alive'") == "alive");
        }
    }

    [PostgresFact]
    public async Task Supervision_ServerKilledDuringALongStatement_StartsItAgain()
    {
        await using var server = await StartAsync(_folder.Path, _logger);
        var killed = server.ServerProcessId;
        var running = ReadAsync(server, "SELECT count(*)::text FROM generate_series(1, 1000000000000)");
        await Eventually.Holds(async () => await ReadAsync(server, "SELECT 'busy' FROM pg_stat_activity WHERE query LIKE '%generate_series(1, 1000000000000)' AND state = 'active' LIMIT 1") == "busy");

        Process.GetProcessById(killed).Kill();

        await Should.ThrowAsync<NpgsqlException>(running);
        await Eventually.Holds(async () => server.ServerProcessId is not 0 and var id && id != killed && await ReadAsync(server, "SELECT 'alive'") == "alive");
    }

    [PostgresFact]
    public async Task StartAsync_OwnerKilled_ServerStopsAndDataIsKept()
    {
        int server;
        using (var owner = await PostgresOwner.StartAsync(_folder.Path))
        {
            server = owner.ServerProcessId;
            ProcessExists(server).ShouldBeTrue();
            await ReadAsync(owner.ConnectionString, "CREATE TABLE kept AS SELECT 42 AS value");
            await owner.KillAsync();
        }

        await using var again = await StartAsync(_folder.Path, _logger);

        ProcessExists(server).ShouldBeFalse();
        (await ReadAsync(again, "SELECT value::text FROM kept")).ShouldBe("42");
    }

    [PostgresFact]
    public async Task OwnerKilled_NobodyStartsAgain_ServerStopsByItself()
    {
        using var owner = await PostgresOwner.StartAsync(_folder.Path);

        await owner.KillAsync();

        await Eventually.Holds(() => !ProcessExists(owner.ServerProcessId), because: "the server followed its portal");
        File.Exists(PostmasterFile.PathIn(_folder["postgres"])).ShouldBeFalse();
    }

    [PostgresFact]
    public async Task StartAsync_DirectoryOfAnotherProcess_RefusesWithOneLine()
    {
        await using var server = await StartAsync(_folder.Path, _logger);

        using var second = await PostgresOwner.StartAsync(_folder.Path);

        second.Answer.ShouldStartWith($"refused The data directory {_folder.Path} is in use by another portal (process {Environment.ProcessId}).");
    }

    [PostgresFact]
    public async Task StartAsync_StrayServerOfOurs_IsStopped()
    {
        await (await StartAsync(_folder.Path, _logger)).DisposeAsync();
        using var stray = await StartServerByHandAsync(_folder["socket"]);

        await using var server = await StartAsync(_folder.Path, _logger);

        await stray.WaitForExitAsync();
        _logger.Contains("of an earlier run").ShouldBeTrue();
        (await ReadAsync(server, "SELECT 'alive'")).ShouldBe("alive");
    }

    [PostgresFact]
    public async Task StartAsync_ServerSomebodyElseStarted_RefusesAndLeavesItRunning()
    {
        await (await StartAsync(_folder.Path, _logger)).DisposeAsync();
        Directory.CreateDirectory(_folder["elsewhere"]);
        using var foreign = await StartServerByHandAsync(_folder["elsewhere"]);
        try
        {
            var refused = await Should.ThrowAsync<EmbeddedPostgresException>(() => StartAsync(_folder.Path, _logger));

            refused.Message.ShouldStartWith("A PostgreSQL server that the portal did not start (process ");
            foreign.HasExited.ShouldBeFalse();
        }
        finally
        {
            foreign.StandardInput.Close();
            await StopByHandAsync();
            await foreign.WaitForExitAsync();
        }
    }

    [PostgresFact]
    public async Task StartAsync_LockFileNamesAnUnrelatedProcess_Starts()
    {
        await (await StartAsync(_folder.Path, _logger)).DisposeAsync();
        // As after a restart of the machine, when the number belongs to something else.
        using var other = Process.Start("sleep", "60");
        await File.WriteAllTextAsync(PostmasterFile.PathIn(_folder["postgres"]), $"{other.Id}\n{_folder["postgres"]}\n1\n5432\n{_folder["socket"]}\n\n1 1\nready   \n");

        await using var server = await StartAsync(_folder.Path, _logger);

        other.HasExited.ShouldBeFalse();
        (await ReadAsync(server, "SELECT 'alive'")).ShouldBe("alive");
        other.Kill();
    }

    private async Task<Process> StartServerByHandAsync(string socketFolder)
    {
        var account = await ServerAccount.ResolveAsync(CancellationToken.None);
        var program = PostgresBinaries.Program(PostgresBinaries.Locate(Repository.Root), "postgres");
        var process = new Process { StartInfo = ToolProcess.StartInfo(account.Command(program, "-D", _folder["postgres"], "-c", "listen_addresses=", "-c", $"unix_socket_directories={socketFolder}")) };
        process.Start();
        await Eventually.Holds(() => PostmasterFile.Read(_folder["postgres"]) is { IsReady: true } file && file.ProcessId == process.Id);
        return process;
    }

    private async Task StopByHandAsync()
    {
        var account = await ServerAccount.ResolveAsync(CancellationToken.None);
        var program = PostgresBinaries.Program(PostgresBinaries.Locate(Repository.Root), "pg_ctl");
        (await ToolProcess.RunAsync(account.Command(program, "stop", "-m", "fast", "-D", _folder["postgres"]))).Succeeded.ShouldBeTrue();
    }
}
