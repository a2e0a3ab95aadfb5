using System.Diagnostics;
using Npgsql;

namespace BlazorAdmin.Data.Embedded;

/// <summary>
/// The portal's own PostgreSQL server: started before anything needs the database, kept running while the portal runs
/// (a server that dies is started again on the same connection string), stopped with the portal.
/// </summary>
public sealed class EmbeddedPostgres : IAsyncDisposable
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan SteadyRun = TimeSpan.FromSeconds(10);

    private readonly EmbeddedPostgresOptions _options;
    private readonly ILogger _logger;
    private readonly DataDirectoryLock _lock;
    private readonly ServerAccount _account;
    private readonly string _binaries;
    private readonly PostgresCluster _cluster;
    private readonly SocketPlace _place;
    private readonly CancellationTokenSource _stopping = new();
    private readonly SemaphoreSlim _stopOnce = new(1, 1);
    private PostgresProcess? _process;
    private Task _supervision = Task.CompletedTask;
    private bool _stopped;

    private EmbeddedPostgres(EmbeddedPostgresOptions options, ILogger logger, DataDirectoryLock heldLock, ServerAccount account, string binaries, PostgresCluster cluster, SocketPlace place)
    {
        (_options, _logger, _lock, _account, _binaries, _cluster, _place) = (options, logger, heldLock, account, binaries, cluster, place);
        // Some connections are kept back for tools, tests and the server's own.
        ConnectionString = ConnectionStringFor(place.Host, place.Port, cluster.Password, Math.Max(4, options.MaxConnections - 10));
    }

    /// <summary>Leads to the database <c>blazoradmin</c>; the same as long as the portal runs. Holds the password.</summary>
    public string ConnectionString { get; }

    /// <summary>From the call to the first connection, the creation of a new cluster included.</summary>
    public TimeSpan StartupTime { get; private set; }

    /// <summary>The server's process, 0 while there is none.</summary>
    internal int ServerProcessId => _process is { Ended.IsCompleted: false } process ? process.ServerId : 0;

    /// <summary>Starts the server on its data directory, creating the cluster and the database the first time.</summary>
    /// <exception cref="EmbeddedPostgresException">It cannot run; the message says why.</exception>
    public static Task<EmbeddedPostgres> StartAsync(EmbeddedPostgresOptions options, ILogger logger, CancellationToken cancellation = default) =>
        StartAsync(options, logger, null, cancellation);

    internal static async Task<EmbeddedPostgres> StartAsync(EmbeddedPostgresOptions options, ILogger logger, ServerAccount? account, CancellationToken cancellation = default)
    {
        var watch = Stopwatch.StartNew();
        if (!Path.IsPathFullyQualified(options.DataDirectory))
            throw new EmbeddedPostgresException($"The data directory must be an absolute path, not \"{options.DataDirectory}\".");
        try
        {
            var server = await PrepareAsync(options, logger, account, cancellation);
            try
            {
                await server.LaunchAsync(cancellation);
                await server.EnsureDatabaseAsync(cancellation);
            }
            catch
            {
                await server.StopAsync();
                throw;
            }
            server.StartupTime = watch.Elapsed;
            logger.Ready((long)watch.Elapsed.TotalMilliseconds, server.ServerProcessId, server._place.Host);
            server._supervision = server.SuperviseAsync();
            return server;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NpgsqlException)
        {
            throw new EmbeddedPostgresException($"The embedded PostgreSQL cannot use {options.DataDirectory}: {exception.Message}", exception);
        }
    }

    /// <summary>
    /// Leads to the server that another portal runs on <paramref name="dataDirectory"/> now, or null if none does: for the
    /// command line, which works beside a running portal.
    /// </summary>
    public static string? FindRunning(string dataDirectory)
    {
        var cluster = PostgresCluster.PathIn(dataDirectory);
        return PostmasterFile.Read(cluster) is { } server && PostgresCluster.ReadPassword(cluster) is { } password
            ? ConnectionStringFor(server.SocketDirectory is { Length: > 0 } folder ? folder : "127.0.0.1", server.Port, password, maxPoolSize: 4)
            : null;
    }

    /// <summary>Stops the server in order (a second call waits for the first) and releases the data directory.</summary>
    public async Task StopAsync()
    {
        await _stopOnce.WaitAsync();
        try
        {
            if (_stopped)
                return;
            await _stopping.CancelAsync();
            await _supervision;
            if (_process is not null)
                await _process.StopAsync();
            await using (var pooled = new NpgsqlConnection(ConnectionString))
                NpgsqlConnection.ClearPool(pooled);
            if (_place.IsTemporary)
                SocketPlace.RemoveTemporary(_place.Host);
            _lock.Dispose();
            _stopping.Dispose();
            _stopped = true;
            _logger.Stopped();
        }
        finally
        {
            _stopOnce.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _process?.Dispose();
        _stopOnce.Dispose();
    }

    private static string ConnectionStringFor(string host, int port, string password, int maxPoolSize) => new NpgsqlConnectionStringBuilder
    {
        Host = host,
        Port = port,
        Username = PostgresCluster.UserName,
        Password = password,
        Database = PostgresCluster.DatabaseName,
        MaxPoolSize = maxPoolSize,
        SslMode = SslMode.Disable,
        GssEncryptionMode = GssEncryptionMode.Disable,
        ApplicationName = "BlazorAdmin",
    }.ConnectionString;

    private static async Task<EmbeddedPostgres> PrepareAsync(EmbeddedPostgresOptions options, ILogger logger, ServerAccount? account, CancellationToken cancellation)
    {
        var source = options.BinariesDirectory ?? PostgresBinaries.Locate(AppContext.BaseDirectory);
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(options.DataDirectory);
        else
            Directory.CreateDirectory(options.DataDirectory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var held = DataDirectoryLock.Acquire(options.DataDirectory);
        try
        {
            account ??= await ServerAccount.ResolveAsync(cancellation);
            await account.AllowPassageAsync(options.DataDirectory, cancellation);
            var binaries = await PostgresBinaries.PrepareAsync(source, options.DataDirectory, account, logger, cancellation);
            var cluster = await PostgresCluster.OpenAsync(options, binaries, account, logger, cancellation);
            await new StrayServer(options.DataDirectory, binaries, account, logger).ClearAsync(cancellation);
            var place = SocketPlace.Prepare(options.DataDirectory);
            if (!OperatingSystem.IsWindows())
                await account.TakeOverAsync(place.Host, logger, cancellation);
            return new EmbeddedPostgres(options, logger, held, account, binaries, cluster, place);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    private async Task LaunchAsync(CancellationToken cancellation)
    {
        _process = PostgresProcess.Start(_binaries, _cluster.Directory, _place, _options, _account, _logger);
        await _process.WaitUntilReadyAsync(cancellation);
    }

    private async Task EnsureDatabaseAsync(CancellationToken cancellation)
    {
        try
        {
            await using var connection = new NpgsqlConnection(ConnectionString);
            // A server of this process that was stopped before may have left dead connections under the same string.
            NpgsqlConnection.ClearPool(connection);
            await connection.OpenAsync(cancellation);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.InvalidCatalogName)
        {
            var administration = new NpgsqlConnectionStringBuilder(ConnectionString) { Database = "postgres", Pooling = false };
            await using var connection = new NpgsqlConnection(administration.ConnectionString);
            await connection.OpenAsync(cancellation);
            await using var command = new NpgsqlCommand($"CREATE DATABASE {PostgresCluster.DatabaseName}", connection);
            await command.ExecuteNonQueryAsync(cancellation);
        }
    }

    /// <summary>Starts the server again whenever it ends by itself, at once the first time and then ever more slowly.</summary>
    private async Task SuperviseAsync()
    {
        var delay = TimeSpan.Zero;
        var running = Stopwatch.StartNew();
        try
        {
            while (true)
            {
                var code = await _process!.Ended.WaitAsync(_stopping.Token);
                _logger.EndedUnexpectedly(code, _process.LastLine);
                delay = running.Elapsed > SteadyRun ? TimeSpan.Zero : delay;
                while (!await TryLaunchAgainAsync(delay))
                    delay = Next(delay);
                delay = Next(delay);
                running.Restart();
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // StopAsync takes over from here.
            return;
        }
    }

    private async Task<bool> TryLaunchAgainAsync(TimeSpan delay)
    {
        if (delay > TimeSpan.Zero)
            await Task.Delay(delay, _stopping.Token);
        try
        {
            _process?.Dispose();
            _process = null;
            await new StrayServer(_options.DataDirectory, _binaries, _account, _logger).ClearAsync(_stopping.Token);
            var started = Stopwatch.StartNew();
            await LaunchAsync(_stopping.Token);
            // Connections to the dead server would each fail once.
            NpgsqlConnection.ClearAllPools();
            _logger.Ready(started.ElapsedMilliseconds, ServerProcessId, _place.Host);
            return true;
        }
        // Whatever it is: a supervision that ends leaves the portal without its database for good.
        catch (Exception exception) when (!_stopping.IsCancellationRequested)
        {
            _logger.RestartFailed(exception, Next(delay).TotalSeconds);
            return false;
        }
    }

    private static TimeSpan Next(TimeSpan delay) =>
        delay == TimeSpan.Zero ? FirstRetry : delay * 2 < LongestRetry ? delay * 2 : LongestRetry;
}
