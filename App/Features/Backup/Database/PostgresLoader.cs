using BlazorAdmin.Features.Backup.Archive;
using Npgsql;

namespace BlazorAdmin.Features.Backup.Database;

/// <summary>Fills the empty tables of a database from an archive.</summary>
/// <param name="connection">Open; to the new database.</param>
/// <param name="schema">The tables that the database has.</param>
/// <param name="progress">Called with the table and its rows so far.</param>
internal sealed class PostgresLoader(NpgsqlConnection connection, IReadOnlyList<ArchiveTable> schema, Action<string, long> progress)
{
    private static readonly byte[] CopyHeader = [.. "PGCOPY\n"u8, 0xFF, .. "\r\n\0"u8, 0, 0, 0, 0, 0, 0, 0, 0];
    private static readonly byte[] CopyEnd = [0xFF, 0xFF];

    private readonly HashSet<string> _filled = [];

    /// <exception cref="BackupException">The database has no such table, or it was filled before.</exception>
    public async Task FillAsync(ArchiveTable table, RowReader rows, CancellationToken cancellation)
    {
        // An older portal may have carried it.
        if (BackupTables.LeftOut.ContainsKey(table.Name)) return;
        var known = schema.FirstOrDefault(t => t.Name == table.Name);
        if (known is null || !known.Columns.ToHashSet().SetEquals(table.Columns) || !_filled.Add(table.Name))
            throw new BackupException(BackupProblem.Newer, $"The archive has a table {table.Name} that this portal does not know in this form. Restore it with the portal that made it.");
        var columns = string.Join(", ", table.Columns.Select(c => PostgresSnapshot.Quote(c.Name)));
        await using var copy = await connection.BeginRawBinaryCopyAsync($"COPY {PostgresSnapshot.Quote(table.Name)} ({columns}) FROM STDIN (FORMAT BINARY)", cancellation);
        try
        {
            await copy.WriteAsync(CopyHeader, cancellation);
            while (await rows.NextAsync(cancellation) is { Length: > 0 } some)
            {
                await copy.WriteAsync(some, cancellation);
                progress(table.Name, rows.Rows);
            }

            await copy.WriteAsync(CopyEnd, cancellation);
        }
        catch
        {
            await copy.CancelAsync();
            throw;
        }
    }

    /// <summary>Sets the counters.</summary>
    public async Task ContinueAsync(IReadOnlyList<SequenceState> sequences, CancellationToken cancellation)
    {
        foreach (var sequence in sequences)
        {
            await using var command = new NpgsqlCommand("SELECT setval(@name::regclass, @value, @called)", connection);
            command.Parameters.AddWithValue("name", PostgresSnapshot.Quote(sequence.Name));
            command.Parameters.AddWithValue("value", sequence.Value);
            command.Parameters.AddWithValue("called", sequence.IsCalled);
            await command.ExecuteNonQueryAsync(cancellation);
        }
    }
}
