using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using BlazorAdmin.Data;
using Npgsql;

namespace BlazorAdmin.Features.Backup.Database;

/// <summary>
/// The server that the portal's database lives on, seen from another database of it. Held open, it keeps a second restore of the
/// same database away.
/// </summary>
internal sealed partial class PostgresServer : IAsyncDisposable
{
    private const int LongestName = 63;
    private static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(100);
    private static readonly string[] Others = ["postgres", "template1"];

    private readonly NpgsqlConnection _connection;
    private readonly string _portal;

    private PostgresServer(NpgsqlConnection connection, string portal, string database) => (_connection, _portal, Database) = (connection, portal, database);

    /// <summary>Name of the portal's database.</summary>
    public string Database { get; }

    /// <exception cref="BackupException">The server cannot be reached, or somebody else restores.</exception>
    public static async Task<PostgresServer> OpenAsync(string connectionString, CancellationToken cancellation)
    {
        var parts = new NpgsqlConnectionStringBuilder(connectionString);
        var database = parts.Database ?? parts.Username ?? "postgres";
        var connection = await ConnectAsync(parts, database, cancellation);
        var server = new PostgresServer(connection, connectionString, database);
        var key = PostgresDialect.StableHash("blazoradmin.restore:" + database).ToString(CultureInfo.InvariantCulture);
        using var timer = new PeriodicTimer(LookInterval);
        for (var start = Stopwatch.GetTimestamp(); ; await timer.WaitForNextTickAsync(cancellation))
        {
            if (await server.ScalarAsync<bool>($"SELECT pg_try_advisory_lock({key})", cancellation)) return server;
            // The server may not have noticed yet that the one before was killed.
            if (Stopwatch.GetElapsedTime(start) > LockPatience) break;
        }

        await server.DisposeAsync();
        throw new BackupException(BackupProblem.InUse, $"Another restore or check of {database} runs. Wait for its end.");
    }

    /// <summary>Connection string to a database of the server; its connections end when they are closed.</summary>
    public string To(string database) => new NpgsqlConnectionStringBuilder(_portal) { Database = database, Pooling = false, CommandTimeout = 0, ApplicationName = "BlazorAdmin restore" }.ConnectionString;

    public async Task<bool> ExistsAsync(string database, CancellationToken cancellation) =>
        await ScalarAsync<bool>("SELECT EXISTS (SELECT 1 FROM pg_database WHERE datname = @a)", cancellation, database);

    /// <summary>A name for a database beside the portal's: <c>portal_restore_20261121190000</c>.</summary>
    public string NameBeside(string purpose, DateTimeOffset at)
    {
        var ending = $"_{purpose}_{at.UtcDateTime.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture)}";
        return Database[..Math.Min(Database.Length, LongestName - ending.Length)] + ending;
    }

    /// <summary>Drops what a killed restore or check left behind.</summary>
    public async Task RemoveLeftoversAsync(CancellationToken cancellation)
    {
        var names = new List<string>();
        await using (var command = Command("SELECT datname::text FROM pg_database WHERE datname LIKE '%\\_restore\\_%' OR datname LIKE '%\\_check\\_%'"))
        await using (var reader = await command.ExecuteReaderAsync(cancellation))
            while (await reader.ReadAsync(cancellation))
                names.Add(reader.GetString(0));
        foreach (var name in names.Where(IsLeftover)) await DropAsync(name, cancellation);
    }

    /// <summary>Makes an empty database that sorts text as the portal's does.</summary>
    /// <exception cref="BackupException">The login may not.</exception>
    public async Task CreateAsync(string name, CancellationToken cancellation)
    {
        try
        {
            await ExecuteAsync($"CREATE DATABASE {PostgresSnapshot.Quote(name)} TEMPLATE template0{await LocaleAsync(cancellation)}", cancellation);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            throw NotAllowed(exception);
        }
    }

    public Task DropAsync(string name, CancellationToken cancellation) => ExecuteAsync($"DROP DATABASE IF EXISTS {PostgresSnapshot.Quote(name)} WITH (FORCE)", cancellation);

    /// <summary>Who is connected to the portal's database, by the name that programs give themselves; empty if nobody is.</summary>
    public async Task<IReadOnlyList<string>> UsersAsync(CancellationToken cancellation)
    {
        await using var command = Command("SELECT DISTINCT coalesce(nullif(application_name, ''), usename::text) FROM pg_stat_activity WHERE datname = @a AND backend_type = 'client backend' ORDER BY 1", Database);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var users = new List<string>();
        while (await reader.ReadAsync(cancellation)) users.Add(reader.GetString(0));
        return users;
    }

    /// <summary>
    /// Puts <paramref name="restored"/> in the place of the portal's database, which from then on is called <paramref name="before"/>;
    /// both or neither. The server refuses while anybody is connected.
    /// </summary>
    /// <exception cref="BackupException">Somebody is connected, or the login may not. Nothing was changed.</exception>
    public async Task SwapAsync(string restored, string before, CancellationToken cancellation)
    {
        try
        {
            var exists = await ExistsAsync(Database, cancellation);
            await using var transaction = await _connection.BeginTransactionAsync(cancellation);
            if (exists) await ExecuteAsync($"ALTER DATABASE {PostgresSnapshot.Quote(Database)} RENAME TO {PostgresSnapshot.Quote(before)}", cancellation);
            await ExecuteAsync($"ALTER DATABASE {PostgresSnapshot.Quote(restored)} RENAME TO {PostgresSnapshot.Quote(Database)}", cancellation);
            await transaction.CommitAsync(cancellation);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.ObjectInUse)
        {
            throw new BackupException(BackupProblem.InUse, $"Somebody connected to {Database} meanwhile. Stop every portal on it and restore again; nothing was changed.", exception);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            throw NotAllowed(exception);
        }
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private static async Task<NpgsqlConnection> ConnectAsync(NpgsqlConnectionStringBuilder parts, string database, CancellationToken cancellation)
    {
        PostgresException? missing = null;
        foreach (var other in Others.Where(o => o != database))
        {
            var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(parts.ConnectionString) { Database = other, Pooling = false, CommandTimeout = 0, ApplicationName = "BlazorAdmin restore" }.ConnectionString);
            try
            {
                await connection.OpenAsync(cancellation);
                return connection;
            }
            catch (PostgresException exception) when (exception.SqlState is PostgresErrorCodes.InvalidCatalogName or PostgresErrorCodes.InsufficientPrivilege)
            {
                missing = exception;
                await connection.DisposeAsync();
            }
            catch (Exception exception) when (exception is NpgsqlException or TimeoutException)
            {
                await connection.DisposeAsync();
                throw new BackupException(BackupProblem.Unreachable, $"The database server cannot be reached: {exception.Message.ReplaceLineEndings(" ")}", exception);
            }
        }

        throw new BackupException(BackupProblem.NotAllowed, $"The login may connect to neither of the databases {string.Join(" and ", Others)}, which it must to make another one.", missing);
    }

    private static BackupException NotAllowed(PostgresException exception) => new(
        BackupProblem.NotAllowed, $"The login of the database may not make and rename databases ({exception.MessageText}). Restore with a login that has CREATEDB and owns the database (ConnectionStrings__Postgres).", exception);

    private bool IsLeftover(string name) =>
        LeftoverPattern().Match(name) is { Success: true } found && found.Groups["name"].Value is var prefix && Database.StartsWith(prefix, StringComparison.Ordinal)
        && (prefix.Length == Database.Length || name.Length == LongestName);

    /// <summary>Only for the C library's locales: others are the server's own choice again.</summary>
    private async Task<string> LocaleAsync(CancellationToken cancellation)
    {
        await using var command = Command("SELECT datcollate::text, datctype::text FROM pg_database WHERE datname = @a AND datlocprovider = 'c'", Database);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? $" ENCODING 'UTF8' LOCALE_PROVIDER libc LC_COLLATE '{Text(reader.GetString(0))}' LC_CTYPE '{Text(reader.GetString(1))}'" : "";

        static string Text(string value) => value.Replace("'", "''", StringComparison.Ordinal);
    }

    private async Task<T> ScalarAsync<T>(string sql, CancellationToken cancellation, string? parameter = null)
    {
        await using var command = Command(sql, parameter);
        return (T)(await command.ExecuteScalarAsync(cancellation))!;
    }

    private async Task ExecuteAsync(string sql, CancellationToken cancellation)
    {
        await using var command = Command(sql);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private NpgsqlCommand Command(string sql, string? parameter = null)
    {
        var command = new NpgsqlCommand(sql, _connection);
        if (parameter is not null) command.Parameters.AddWithValue("a", parameter);
        return command;
    }

    [GeneratedRegex(@"^(?<name>.+)_(restore|check)_\d{14}$")]
    private static partial Regex LeftoverPattern();
}
