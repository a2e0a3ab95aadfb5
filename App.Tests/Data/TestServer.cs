using System.Data.Common;
using BlazorAdmin.Data;

namespace BlazorAdmin.Tests.Data;

/// <summary>
/// A server that tests make databases on. TEST_POSTGRES or TEST_SQLSERVER, a connection string to an administrative
/// database, gives a run one; without them it starts an embedded PostgreSQL of its own.
/// </summary>
public abstract class TestServer(string administration)
{
    public const string PostgresVariable = "TEST_POSTGRES";
    public const string SqlServerVariable = "TEST_SQLSERVER";

    /// <summary>What every test of this run uses.</summary>
    public static DatabaseProvider Provider => Value(SqlServerVariable) is null ? DatabaseProvider.Postgres : DatabaseProvider.SqlServer;

    /// <summary>Why a test that only PostgreSQL can pass is skipped; null where it is not.</summary>
    public static string? NeedsPostgres => Provider == DatabaseProvider.Postgres ? null : $"needs PostgreSQL, and {SqlServerVariable} is set";

    /// <summary>Connection string to the database that others are made from.</summary>
    protected string Administration { get; } = administration;

    /// <summary>The server that the environment names; null: an embedded one is to be started.</summary>
    /// <exception cref="TestServerException">Both variables are set, or one cannot be read.</exception>
    public static TestServer? FromEnvironment()
    {
        var (postgres, sqlServer) = (Value(PostgresVariable), Value(SqlServerVariable));
        if (postgres is not null && sqlServer is not null) throw new TestServerException($"Both {PostgresVariable} and {SqlServerVariable} are set. Unset one.");
        try
        {
            return postgres is not null ? new PostgresTestServer(postgres) : sqlServer is not null ? new SqlServerTestServer(sqlServer) : null;
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or KeyNotFoundException)
        {
            throw new TestServerException($"{(postgres is null ? SqlServerVariable : PostgresVariable)} is no connection string: {exception.Message}", exception);
        }
    }

    /// <summary>Connects, so that a server that is not there is told once and not by every test.</summary>
    /// <returns>The server and its version.</returns>
    /// <exception cref="TestServerException">It cannot be used; the message names the variable and what to do.</exception>
    public async Task<string> CheckAsync()
    {
        await using var connection = Connect(Administration);
        try
        {
            await connection.OpenAsync();
            return $"{Product} {connection.ServerVersion} at {connection.DataSource}";
        }
        catch (Exception exception) when (exception is DbException or TimeoutException)
        {
            throw new TestServerException(
                $"The server of {Variable} ({connection.DataSource}) cannot be used: {exception.Message.ReplaceLineEndings(" ")} "
                + $"Start it or correct {Variable}, or unset it: the tests then start a PostgreSQL of their own.");
        }
    }

    /// <summary>The variable that names such a server.</summary>
    protected abstract string Variable { get; }

    protected abstract string Product { get; }

    /// <summary>Connection string to a database of this server.</summary>
    public abstract string ConnectionTo(string database);

    /// <summary>Makes a database: a copy of the template, or, without one, an empty database.</summary>
    public abstract Task CreateAsync(string database, string? template = null);

    /// <summary>Drops a database, whoever is connected to it.</summary>
    public abstract Task DropAsync(string database);

    /// <summary>Whether databases are copied from a prepared one; if not, each is migrated.</summary>
    public abstract bool CopiesDatabases { get; }

    protected abstract DbConnection Connect(string connectionString);

    protected async Task ExecuteAsync(string sql)
    {
        await using var connection = Connect(Administration);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.CommandTimeout = 120;
        await command.ExecuteNonQueryAsync();
    }

    private static string? Value(string variable) => Environment.GetEnvironmentVariable(variable) is { } value && !string.IsNullOrWhiteSpace(value) ? value : null;
}

/// <summary>The tests have no server; the message says what to do.</summary>
public sealed class TestServerException(string message, Exception? inner = null) : Exception(message, inner);
