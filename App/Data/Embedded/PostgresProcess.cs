using System.Diagnostics;
using System.Globalization;

namespace BlazorAdmin.Data.Embedded;

/// <summary>One run of the server, from its start to its end.</summary>
internal sealed class PostgresProcess : IDisposable
{
    /// <summary>
    /// Holds the server as its child. The end of its input, which comes however the portal ends, kill -9 included, is the request
    /// to stop; signals meant for the portal (Ctrl+C, a service manager's SIGTERM to all) are not. The request is repeated,
    /// because a server that has only just begun does not listen to it yet.
    /// </summary>
    private const string Keeper = """
        trap '' HUP INT TERM
        exec 3<&0
        "$@" </dev/null 3<&- &
        server=$!
        echo "$server"
        { read -r _; while kill -INT "$server"; do sleep 0.2; done; } <&3 >/dev/null 2>&1 &
        watcher=$!
        exec 3<&- >/dev/null
        wait "$server"
        code=$?
        kill -KILL "$watcher" 2>/dev/null
        exit "$code"
        """;

    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly ILogger _logger;
    private readonly Task _reading;
    private readonly ServerAccount _account;
    private readonly string _binaries;
    private readonly string _cluster;
    private readonly TaskCompletionSource<int> _serverId = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile string _lastLine = "no message";

    private PostgresProcess(Process process, string binaries, string cluster, ServerAccount account, ILogger logger)
    {
        (_process, _binaries, _cluster, _account, _logger) = (process, binaries, cluster, account, logger);
        _reading = Task.WhenAll(ReadOutputAsync(), ReadLogAsync());
        Ended = WaitForEndAsync();
    }

    /// <summary>Completes with the exit code when the server has ended, however.</summary>
    public Task<int> Ended { get; }

    /// <summary>What the server said last, the reason before the rest.</summary>
    public string LastLine => _lastLine;

    public int ServerId => _serverId.Task.IsCompletedSuccessfully ? _serverId.Task.Result : 0;

    public static PostgresProcess Start(string binaries, string cluster, SocketPlace place, EmbeddedPostgresOptions options, ServerAccount account, ILogger logger)
    {
        string[] server = [PostgresBinaries.Program(binaries, "postgres"), "-D", cluster, .. Settings(place, options).SelectMany(setting => new[] { "-c", setting })];
        // A session of its own keeps the terminal's Ctrl+C away from the server while the portal still needs it.
        string[] command = OperatingSystem.IsWindows() ? server
            : [.. OperatingSystem.IsLinux() ? ["setsid"] : Array.Empty<string>(), .. account.Command("sh", "-c", Keeper, "postgres-keeper"), .. server];
        var process = new Process { StartInfo = ToolProcess.StartInfo(command) };
        process.StartInfo.WorkingDirectory = Path.GetPathRoot(cluster);
        try
        {
            process.Start();
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            process.Dispose();
            throw new EmbeddedPostgresException($"Cannot start PostgreSQL: {exception.Message}", exception);
        }
        return new PostgresProcess(process, binaries, cluster, account, logger);
    }

    /// <summary>Waits until the server accepts connections; recovery after a crash takes as long as it takes.</summary>
    public async Task WaitUntilReadyAsync(CancellationToken cancellation)
    {
        var waited = Stopwatch.StartNew();
        var reported = 0L;
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (PostmasterFile.Read(_cluster) is not { IsReady: true } file || file.ProcessId != ServerId)
        {
            if (Ended.IsCompleted)
                throw new EmbeddedPostgresException($"PostgreSQL does not start in {_cluster}: {LastLine}");
            if (waited.ElapsedMilliseconds / 10_000 > reported)
                _logger.StillStarting(10 * ++reported, LastLine);
            await timer.WaitForNextTickAsync(cancellation);
        }
    }

    /// <summary>Ends the sessions, writes a checkpoint and stops; without one when that takes too long.</summary>
    public async Task StopAsync()
    {
        if (OperatingSystem.IsWindows())
            await PgCtlStopAsync("fast");
        else
            _process.StandardInput.Close();
        try
        {
            await Ended.WaitAsync(StopPatience);
        }
        catch (TimeoutException)
        {
            _logger.StoppingAtOnce(StopPatience.TotalSeconds);
            await PgCtlStopAsync("immediate");
            await Ended;
        }
    }

    public void Dispose() => _process.Dispose();

    private static IEnumerable<string> Settings(SocketPlace place, EmbeddedPostgresOptions options) =>
    [
        OperatingSystem.IsWindows() ? $"listen_addresses={place.Host}" : "listen_addresses=",
        $"port={place.Port}",
        .. OperatingSystem.IsWindows() ? Array.Empty<string>() : [$"unix_socket_directories=\"{place.Host}\"", "unix_socket_permissions=0700"],
        $"max_connections={options.MaxConnections}",
        "shared_buffers=256MB",
        "effective_cache_size=1GB",
        "work_mem=8MB",
        "maintenance_work_mem=128MB",
        "max_wal_size=2GB",
        "wal_compression=on",
        "checkpoint_timeout=10min",
        "random_page_cost=1.1",
        // Compiling a plan costs more than the portal's short queries themselves.
        "jit=off",
        // Job and live tables change all the time: clean them often and in small steps.
        "autovacuum_naptime=15s",
        "log_checkpoints=off",
        "timezone=UTC",
        "log_timezone=UTC",
        "log_line_prefix=",
        // Statements and their details hold people's data; the log does not need them.
        "log_error_verbosity=terse",
        "log_min_error_statement=panic",
        "synchronous_commit=on",
        .. options.FastButUnsafe ? ["fsync=off", "full_page_writes=off"] : new[] { "fsync=on" },
    ];

    private async Task<int> WaitForEndAsync()
    {
        if (OperatingSystem.IsWindows())
            _serverId.TrySetResult(_process.Id);
        await _process.WaitForExitAsync();
        // After the exit a stray child may hold the pipes open, so the last lines are waited for only briefly.
        await _reading.WaitAsync(TimeSpan.FromSeconds(1)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return _process.ExitCode;
    }

    private async Task ReadOutputAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
            if (int.TryParse(line, CultureInfo.InvariantCulture, out var id))
                _serverId.TrySetResult(id);
    }

    private async Task ReadLogAsync()
    {
        while (await _process.StandardError.ReadLineAsync() is { } line)
        {
            var level = LevelOf(line);
            _logger.ServerLine(level, line);
            // A hint or a following "shut down" says less than the reason before it.
            if (level >= LogLevel.Warning || !LevelIsFatal(_lastLine))
                _lastLine = line.Trim();
        }
    }

    private static bool LevelIsFatal(string line) => LevelOf(line) >= LogLevel.Warning;

    /// <summary>A statement's ERROR is reported by whoever sent the statement; here it only repeats.</summary>
    private static LogLevel LevelOf(string line) =>
        line.StartsWith("PANIC:", StringComparison.Ordinal) ? LogLevel.Error
        : line.StartsWith("FATAL:", StringComparison.Ordinal) || line.StartsWith("WARNING:", StringComparison.Ordinal) ? LogLevel.Warning
        : LogLevel.Debug;

    private Task<ToolProcess.Outcome> PgCtlStopAsync(string mode) =>
        ToolProcess.RunAsync(_account.Command(PostgresBinaries.Program(_binaries, "pg_ctl"), "stop", "-s", "-D", _cluster, "-m", mode, "-w", "-t", "30"));
}
