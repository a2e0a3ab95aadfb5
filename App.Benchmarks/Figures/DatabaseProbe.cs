using System.Diagnostics;
using Npgsql;

namespace BlazorAdmin.Benchmarks.Figures;

/// <summary>What the database server gives without the portal: single-row commits, or rows by COPY, a second.</summary>
public sealed class DatabaseProbe : IProbe
{
    private const int CopiedRows = 20_000;
    private static readonly TimeSpan Duration = TimeSpan.FromMilliseconds(500);

    private readonly string _connectionString;
    private readonly bool _copy;

    private DatabaseProbe(string connectionString, bool copy, double reference) => (_connectionString, _copy, Reference) = (connectionString, copy, reference);

    public string Name => _copy ? "copy rows/s" : "commit/s";

    public double Reference { get; }

    public static DatabaseProbe Commits(string connectionString) => new(connectionString, copy: false, reference: 1_000);

    public static DatabaseProbe Copy(string connectionString) => new(connectionString, copy: true, reference: 500_000);

    public async Task<double> ReadAsync(CancellationToken cancellation)
    {
        await using var connection = new NpgsqlConnection(_connectionString);
        await connection.OpenAsync(cancellation);
        await using (var create = new NpgsqlCommand("create table if not exists benchmark_probe (id bigint generated always as identity primary key, text varchar(200) not null); truncate benchmark_probe", connection))
            await create.ExecuteNonQueryAsync(cancellation);
        return _copy ? await CopyAsync(connection, cancellation) : await CommitAsync(connection, cancellation);
    }

    private static async Task<double> CommitAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var insert = new NpgsqlCommand("insert into benchmark_probe (text) values ('one row, one commit')", connection);
        await insert.PrepareAsync(cancellation);
        var start = Stopwatch.GetTimestamp();
        var rows = 0;
        for (; Stopwatch.GetElapsedTime(start) < Duration; rows++) await insert.ExecuteNonQueryAsync(cancellation);
        return rows / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static async Task<double> CopyAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var start = Stopwatch.GetTimestamp();
        await using (var import = await connection.BeginBinaryImportAsync("copy benchmark_probe (text) from stdin (format binary)", cancellation))
        {
            for (var row = 0; row < CopiedRows; row++)
            {
                await import.StartRowAsync(cancellation);
                await import.WriteAsync("a row of ordinary length that goes in by COPY with many others", cancellation);
            }

            await import.CompleteAsync(cancellation);
        }

        return CopiedRows / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
