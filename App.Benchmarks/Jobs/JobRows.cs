using System.Diagnostics;
using BlazorAdmin.Benchmarks.Figures;
using Npgsql;

namespace BlazorAdmin.Benchmarks.Jobs;

/// <summary>Fills the table of jobs by the million. The other indexes are made again afterwards, which is faster and leaves them as dense as a rebuilt one.</summary>
internal static class JobRows
{
    /// <summary>How many types, owners and words the rows have.</summary>
    public const int Types = 20, Owners = 500, Words = 2000;

    private const int Chunk = 1_000_000;

    /// <summary>Finished a minute ago and before, one a second: 96 % succeeded, 3 % failed, 1 % cancelled.</summary>
    public static Task FillFinishedAsync(string connectionString, FigureSink sink, int rows, CancellationToken cancellation) => FillAsync(connectionString, sink, rows, """
        INSERT INTO "Jobs" ("TenantId", "OwnerId", "Type", "Queue", "Priority", "State", "Subject", "Arguments", "IdempotencyKey", "CreatedAt", "DueAt", "StartedAt", "FinishedAt",
          "Attempts", "MaxAttempts", "CancelRequested", "Node", "WaitsFor", "HasFollowers", "Version", "Error")
        SELECT @tenant, CASE WHEN n % 4 = 0 THEN ('00000000-0000-7000-8000-' || lpad((n % @owners)::text, 12, '0'))::uuid END,
          'bench.type' || n % @types, 'default', 5,
          CASE WHEN n % 100 < 96 THEN 'Succeeded' WHEN n % 100 < 99 THEN 'Failed' ELSE 'Cancelled' END,
          CASE WHEN n % 10 = 0 THEN 'Letter word' || n % @words || ' of word' || (n * 7 + 3) % @words || '.pdf' END,
          '{"number":' || n || '}', md5(n::text), t.at, t.at, t.at + interval '20 ms', t.at + interval '1 s', 1, 5, false, 'bench', 0, false, 2,
          CASE WHEN n % 100 BETWEEN 96 AND 98 THEN 'The service answered 503.' END
        FROM generate_series(@from, @to) AS n CROSS JOIN LATERAL (SELECT now() - (@rows - n + 60) * interval '1 s' AS at) AS t
        """, cancellation);

    /// <summary>Due, of <see cref="FillerJob"/>, with the lowest priority.</summary>
    public static Task FillWaitingAsync(string connectionString, FigureSink sink, int rows, CancellationToken cancellation) => FillAsync(connectionString, sink, rows, """
        INSERT INTO "Jobs" ("TenantId", "Type", "Queue", "Priority", "State", "Arguments", "IdempotencyKey", "CreatedAt", "DueAt",
          "Attempts", "MaxAttempts", "CancelRequested", "WaitsFor", "HasFollowers", "Version")
        SELECT @tenant, 'bench.filler', 'default', 1, 'Queued', '{"number":' || n || '}', md5(n::text), now(), now() - interval '1 s' - n * interval '1 us', 0, 5, false, 0, false, 0
        FROM generate_series(@from, @to) AS n
        """, cancellation);

    /// <summary>Two words of the subject of each job that has one.</summary>
    public static Task FillFieldsAsync(string connectionString, CancellationToken cancellation) => JobsServer.ExecuteAsync(connectionString, """
        INSERT INTO "JobFields" ("TenantId", "Name", "Value", "JobId")
        SELECT DISTINCT j."TenantId", 'subject', w.word, j."Id" FROM "Jobs" j
        CROSS JOIN LATERAL (SELECT unnest(regexp_matches(j."Subject", 'word\d+', 'g'))) AS w(word) WHERE j."Subject" IS NOT NULL;
        ANALYZE "JobFields";
        """, cancellation);

    private static async Task FillAsync(string connectionString, FigureSink sink, int rows, string insert, CancellationToken cancellation)
    {
        var start = Stopwatch.GetTimestamp();
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancellation);
        var indexes = await IndexesAsync(connection, cancellation);
        foreach (var (name, _) in indexes) await JobsServer.ExecuteAsync(connectionString, $"DROP INDEX \"{name}\"", cancellation);
        for (var from = 1; from <= rows; from += Chunk)
        {
            await using var command = new NpgsqlCommand(insert, connection) { CommandTimeout = 0 };
            command.Parameters.AddWithValue("tenant", Data.AppDbContext.DefaultTenant);
            command.Parameters.AddWithValue("owners", Owners);
            command.Parameters.AddWithValue("types", Types);
            command.Parameters.AddWithValue("words", Words);
            command.Parameters.AddWithValue("rows", rows);
            command.Parameters.AddWithValue("from", from);
            command.Parameters.AddWithValue("to", (int)Math.Min(rows, from + (long)Chunk - 1));
            await command.ExecuteNonQueryAsync(cancellation);
        }

        foreach (var (_, definition) in indexes) await JobsServer.ExecuteAsync(connectionString, definition, cancellation);
        await JobsServer.ExecuteAsync(connectionString, "VACUUM (ANALYZE) \"Jobs\"", cancellation);
        await JobsServer.ExecuteAsync(connectionString, "CHECKPOINT", cancellation);
        sink.Say($"  {rows:N0} rows in {Stopwatch.GetElapsedTime(start).TotalSeconds:0} s");
    }

    private static async Task<List<(string Name, string Definition)>> IndexesAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'Jobs' AND indexname <> 'PK_Jobs'", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var indexes = new List<(string, string)>();
        while (await reader.ReadAsync(cancellation)) indexes.Add((reader.GetString(0), reader.GetString(1)));
        return indexes;
    }
}
