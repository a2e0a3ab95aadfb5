using System.Data.Common;
using System.Net.Sockets;
using System.Text;
using Npgsql;

namespace BlazorAdmin.Data;

public sealed class PostgresDialect : IDatabaseDialect
{
    public DatabaseProvider Provider => DatabaseProvider.Postgres;

    public string UtcNow => "clock_timestamp()";

    public string Quote(string identifier) => $"\"{identifier}\"";

    public async Task<IAsyncDisposable> LockAsync(DbConnection openConnection, string name, CancellationToken cancellation)
    {
        var key = StableHash(name);
        await Execute(openConnection, $"select pg_advisory_lock({key})", cancellation);
        return new Release(openConnection, key);
    }

    public bool IsDuplicateKey(Exception exception) => Find(exception)?.SqlState == PostgresErrorCodes.UniqueViolation;

    public bool IsBrokenReference(Exception exception) => Find(exception)?.SqlState is PostgresErrorCodes.ForeignKeyViolation or PostgresErrorCodes.RestrictViolation;

    public bool IsTransient(Exception exception) =>
        exception is TimeoutException or SocketException or IOException
        || exception is NpgsqlException { IsTransient: true }
        || (exception is NpgsqlException npgsql && npgsql is not PostgresException && npgsql.InnerException is not null && IsTransient(npgsql.InnerException))
        || (Find(exception) is { } server && server.SqlState is PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow
            // A server that has just failed over may still refuse to write, and an operator may end a statement.
            or PostgresErrorCodes.ReadOnlySqlTransaction or PostgresErrorCodes.QueryCanceled
            or PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.TooManyConnections)
        || (exception is DbUpdateException or InvalidOperationException && exception.InnerException is not null && IsTransient(exception.InnerException));

    /// <summary>FNV-1a: the same in every process and version, unlike <see cref="string.GetHashCode()"/>.</summary>
    internal static long StableHash(string text)
    {
        var hash = 14695981039346656037UL;
        foreach (var part in Encoding.UTF8.GetBytes(text)) hash = (hash ^ part) * 1099511628211UL;
        return unchecked((long)hash);
    }

    private static PostgresException? Find(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
            if (exception is PostgresException found) return found;
        return null;
    }

    private static async Task Execute(DbConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private sealed class Release(DbConnection connection, long key) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            if (connection.State == System.Data.ConnectionState.Open)
                await Execute(connection, $"select pg_advisory_unlock({key})", CancellationToken.None);
        }
    }
}
