using System.Data.Common;
using Microsoft.Data.SqlClient;

namespace BlazorAdmin.Data;

public sealed class SqlServerDialect : IDatabaseDialect
{
    // Duplicate key 2627/2601; the rest is what a retry can cure: time-out, lost connection, deadlock, failover, throttling,
    // shutdown. From class 20 on the connection itself has ended, often without a number: refused, no such host, cut off.
    private const byte ConnectionEnded = 20;
    private const int BrokenReference = 547;
    private static readonly HashSet<int> DuplicateKey = [2627, 2601];
    private static readonly HashSet<int> Transient = [-2, 20, 53, 64, 121, 233, 258, 921, 1205, 1222, 4060, 10053, 10054, 10060, 10928, 10929, 40143, 40197, 40501, 40613, 49918, 49919, 49920, 6005, 17142];

    public DatabaseProvider Provider => DatabaseProvider.SqlServer;

    public string UtcNow => "SYSDATETIMEOFFSET() AT TIME ZONE 'UTC'";

    public string Quote(string identifier) => $"[{identifier}]";

    public async Task<IAsyncDisposable> LockAsync(DbConnection openConnection, string name, CancellationToken cancellation)
    {
        await using var command = openConnection.CreateCommand();
        command.CommandTimeout = 0;
        command.CommandText = "DECLARE @r int; EXEC @r = sp_getapplock @Resource = @name, @LockMode = 'Exclusive', @LockOwner = 'Session', @LockTimeout = -1; SELECT @r;";
        AddName(command, name);
        var result = (int)(await command.ExecuteScalarAsync(cancellation) ?? -999);
        if (result < 0) throw new InvalidOperationException($"The database refused the lock '{name}' (code {result}).");
        return new Release(openConnection, name);
    }

    public bool IsDuplicateKey(Exception exception) => Find(exception) is { } found && found.Errors.Cast<SqlError>().Any(e => DuplicateKey.Contains(e.Number));

    public bool IsBrokenReference(Exception exception) => Find(exception) is { } found && found.Errors.Cast<SqlError>().Any(e => e.Number == BrokenReference);

    public bool IsTransient(Exception exception) =>
        exception is TimeoutException || (Find(exception) is { } found && found.Errors.Cast<SqlError>().Any(e => e.Class >= ConnectionEnded || Transient.Contains(e.Number)));

    private static SqlException? Find(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
            if (exception is SqlException found) return found;
        return null;
    }

    private static void AddName(DbCommand command, string name)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = "@name";
        parameter.Value = name;
        command.Parameters.Add(parameter);
    }

    // The pool resets a connection without giving session locks back, so they are released by name.
    private sealed class Release(DbConnection connection, string name) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            if (connection.State != System.Data.ConnectionState.Open) return;
            await using var command = connection.CreateCommand();
            command.CommandText = "EXEC sp_releaseapplock @Resource = @name, @LockOwner = 'Session';";
            AddName(command, name);
            await command.ExecuteNonQueryAsync();
        }
    }
}
