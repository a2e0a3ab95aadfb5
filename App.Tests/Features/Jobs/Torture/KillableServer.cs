using System.Diagnostics;
using BlazorAdmin.Data.Embedded;
using BlazorAdmin.Tests.Data;
using Microsoft.Extensions.Logging.Abstractions;

namespace BlazorAdmin.Tests.Features.Jobs.Torture;

/// <summary>A server of its own, that waits for the disk and may be killed.</summary>
internal sealed class KillableServer : IAsyncDisposable
{
    private readonly List<TestFolder> _folders = [new()];
    private EmbeddedPostgres? _server;

    public string Connection => _server!.ConnectionString;

    public int ProcessId => _server?.ServerProcessId ?? 0;

    private string Folder => _folders[^1].Path;

    public static async Task<KillableServer> StartAsync()
    {
        var killable = new KillableServer();
        await killable.StartAgainAsync();
        await using var db = new TestDatabases(killable.Connection).CreateDbContext();
        await db.Database.MigrateAsync();
        return killable;
    }

    /// <summary>kill -9 of the server; it is started again by the portal's supervision.</summary>
    public async Task KillAsync()
    {
        await Eventually.Holds(() => ProcessId != 0, TortureSite.Patience, "the server has been started again");
        var killed = ProcessId;
        End(killed);
        await Eventually.Holds(() => ProcessId != killed, TortureSite.Patience, "the server is dead");
    }

    /// <summary>Stops it at once, without a checkpoint, and it stays down.</summary>
    public async Task StopAtOnceAsync()
    {
        var server = _server!;
        using (var quit = Process.Start("kill", ["-QUIT", $"{server.ServerProcessId}"])) await quit.WaitForExitAsync();
        // Ends the supervision before it notices.
        await server.DisposeAsync();
        _server = null;
    }

    /// <summary>The data of the stopped server is found at another place from now on, as after a failover to another host.</summary>
    public async Task MoveAsync()
    {
        var from = Folder;
        _folders.Add(new TestFolder());
        using var copy = Process.Start("cp", ["-a", $"{from}/.", Folder]);
        await copy.WaitForExitAsync();
        copy.ExitCode.ShouldBe(0);
    }

    /// <summary>Starts the stopped server, and kills it <paramref name="kills"/> times as soon as it has begun to recover.</summary>
    public async Task StartAgainAsync(int kills = 0)
    {
        for (var left = kills; ; left--)
        {
            var starting = EmbeddedPostgres.StartAsync(
                new EmbeddedPostgresOptions { DataDirectory = Folder, BinariesDirectory = PostgresBinaries.Locate(Repository.Root), MaxConnections = 200 }, NullLogger.Instance);
            if (left > 0) await KillAsItBeginsAsync(starting);
            try
            {
                _server = await starting;
                return;
            }
            catch (EmbeddedPostgresException) when (left > 0)
            {
                continue; // it was killed before it was ready
            }
        }
    }

    private async Task KillAsItBeginsAsync(Task starting)
    {
        var file = Path.Combine(PostgresCluster.PathIn(Folder), "postmaster.pid");
        var before = Read();
        await Eventually.Holds(() =>
        {
            if (Read() is not { } now || now == before) return starting.IsCompleted;
            End(now);
            return true;
        }, TortureSite.Patience, "the server begins");

        int? Read() => File.Exists(file) && int.TryParse(File.ReadLines(file).FirstOrDefault(), out var id) ? id : null;
    }

    /// <summary>kill -9 of one of its sessions: all others end with it and the server recovers.</summary>
    public static async Task KillSessionAsync(Ledger ledger)
    {
        var sessions = await ledger.ReadAsync("SELECT pid FROM pg_stat_activity WHERE application_name <> 'ledger' AND backend_type = 'client backend'", r => r.GetInt32(0));
        if (sessions.Count > 0) End(sessions[Random.Shared.Next(sessions.Count)]);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
        foreach (var folder in _folders) folder.Dispose();
    }

    private static void End(int process)
    {
        try
        {
            Process.GetProcessById(process).Kill();
        }
        catch (ArgumentException)
        {
            return; // it has ended by itself
        }
    }
}
