using System.Data;
using BlazorAdmin.Features.Backup.Archive;
using Npgsql;

namespace BlazorAdmin.Features.Backup.Database;

/// <summary>
/// The database as it is at one moment, however long the reading takes and whatever is written meanwhile: one transaction,
/// REPEATABLE READ and READ ONLY.
/// </summary>
internal sealed class PostgresSnapshot : IAsyncDisposable
{
    private const int HeaderBytes = 15;

    private readonly NpgsqlConnection _connection;

    private PostgresSnapshot(NpgsqlConnection connection) => _connection = connection;

    public static async Task<PostgresSnapshot> OpenAsync(string connectionString, CancellationToken cancellation)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, CommandTimeout = 0, ApplicationName = "BlazorAdmin backup" }.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellation);
            // Ends with the connection; nothing is ever committed in it.
            await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation);
            var snapshot = new PostgresSnapshot(connection);
            await snapshot.ReadAsync("SET TRANSACTION READ ONLY; SET LOCAL idle_in_transaction_session_timeout = 0; SET LOCAL statement_timeout = 0; SELECT 1", static row => row.GetInt32(0), cancellation);
            return snapshot;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>The migrations that made the schema, in order; none if there is no schema.</summary>
    public async Task<IReadOnlyList<string>> MigrationsAsync(CancellationToken cancellation) =>
        await ReadAsync("SELECT to_regclass('\"__EFMigrationsHistory\"') IS NOT NULL", static row => row.GetBoolean(0), cancellation) is [true]
            ? await ReadAsync("SELECT \"MigrationId\" FROM \"__EFMigrationsHistory\" ORDER BY \"MigrationId\"", static row => row.GetString(0), cancellation)
            : [];

    public async Task<long> CountAsync(ArchiveTable table, CancellationToken cancellation) =>
        (await ReadAsync($"SELECT count(*) FROM {Quote(table.Name)}", static row => row.GetInt64(0), cancellation))[0];

    /// <summary>One value of the portal's small facts, null if there is none.</summary>
    public async Task<string?> SystemValueAsync(string key, CancellationToken cancellation) =>
        (await ReadAsync("SELECT \"Value\" FROM \"SystemValues\" WHERE \"Key\" = @key", static row => row.IsDBNull(0) ? null : row.GetString(0), cancellation, new NpgsqlParameter("key", key))).FirstOrDefault();

    /// <summary>Hands the rows of a table to <paramref name="take"/>, which reads them to the end.</summary>
    public async Task<T> ReadTableAsync<T>(ArchiveTable table, Func<RowReader, Task<T>> take, CancellationToken cancellation)
    {
        await using var copy = await _connection.BeginRawBinaryCopyAsync($"COPY {Quote(table.Name)} ({string.Join(", ", table.Columns.Select(c => Quote(c.Name)))}) TO STDOUT (FORMAT BINARY)", cancellation);
        var source = new ByteSource(copy);
        await source.TakeAsync(HeaderBytes, cancellation);
        await source.TakeAsync(await source.TakeInt32Async(cancellation), cancellation);
        var taken = await take(new RowReader(source));
        while (await source.FillAsync(cancellation)) source.Advance(source.Available.Length);
        return taken;
    }

    /// <summary>
    /// The counters. They stand outside of every transaction, so they may be ahead of the rows, and never behind.
    /// </summary>
    public async Task<IReadOnlyList<SequenceState>> SequencesAsync(CancellationToken cancellation) => await ReadAsync(
        "SELECT sequencename::text, coalesce(last_value, start_value), last_value IS NOT NULL FROM pg_sequences WHERE schemaname = current_schema() ORDER BY 1",
        static row => new SequenceState(row.GetString(0), row.GetInt64(1), row.GetBoolean(2)), cancellation);

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    internal static string Quote(string name) => "\"" + name.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";

    private async Task<List<T>> ReadAsync<T>(string sql, Func<NpgsqlDataReader, T> row, CancellationToken cancellation, params NpgsqlParameter[] parameters)
    {
        await using var command = new NpgsqlCommand(sql, _connection);
        command.Parameters.AddRange(parameters);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellation)) rows.Add(row(reader));
        return rows;
    }
}
