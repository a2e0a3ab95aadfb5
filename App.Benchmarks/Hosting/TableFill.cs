using System.Diagnostics;
using BlazorAdmin.Benchmarks.Figures;
using BlazorAdmin.Benchmarks.Jobs;
using Npgsql;

namespace BlazorAdmin.Benchmarks.Hosting;

/// <summary>Fills a table by the million. Its other indexes are made again afterwards, which is faster and leaves them as dense as rebuilt ones.</summary>
internal static class TableFill
{
    private const int Chunk = 1_000_000;

    /// <param name="insert">An INSERT of the rows from <c>@from</c> to <c>@to</c>, both included, counted from 1.</param>
    /// <param name="parameters">Adds the other values that it names.</param>
    public static async Task RunAsync(
        string connectionString, string table, string insert, int rows, FigureSink sink, Action<NpgsqlParameterCollection> parameters, CancellationToken cancellation)
    {
        var start = Stopwatch.GetTimestamp();
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancellation);
        var indexes = await IndexesAsync(connection, table, cancellation);
        foreach (var (name, _) in indexes) await JobsServer.ExecuteAsync(connectionString, $"DROP INDEX \"{name}\"", cancellation);
        for (var from = 1; from <= rows; from += Chunk)
        {
            await using var command = new NpgsqlCommand(insert, connection) { CommandTimeout = 0 };
            parameters(command.Parameters);
            command.Parameters.AddWithValue("from", from);
            command.Parameters.AddWithValue("to", (int)Math.Min(rows, from + (long)Chunk - 1));
            await command.ExecuteNonQueryAsync(cancellation);
        }

        foreach (var (_, definition) in indexes) await JobsServer.ExecuteAsync(connectionString, definition, cancellation);
        await JobsServer.ExecuteAsync(connectionString, $"VACUUM (ANALYZE) \"{table}\"", cancellation);
        await JobsServer.ExecuteAsync(connectionString, "CHECKPOINT", cancellation);
        sink.Say($"  {table}: {rows:N0} rows in {Stopwatch.GetElapsedTime(start).TotalSeconds:0} s");
    }

    private static async Task<List<(string Name, string Definition)>> IndexesAsync(NpgsqlConnection connection, string table, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("SELECT indexname, indexdef FROM pg_indexes WHERE tablename = @table AND indexname <> 'PK_' || @table", connection);
        command.Parameters.AddWithValue("table", table);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var indexes = new List<(string, string)>();
        while (await reader.ReadAsync(cancellation)) indexes.Add((reader.GetString(0), reader.GetString(1)));
        return indexes;
    }
}
