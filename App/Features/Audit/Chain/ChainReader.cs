using System.Data.Common;
using BlazorAdmin.Data;
using Microsoft.EntityFrameworkCore.Storage;

namespace BlazorAdmin.Features.Audit.Chain;

/// <summary>
/// Reads rows as they are stored, column by column: sealing and verifying must see the same, and a value that the model could
/// not read must be reported instead of ending the reading. A page at a time, so that no transaction stays open for long.
/// </summary>
public sealed class ChainReader(IDatabaseDialect dialect)
{
    private static readonly string[] Columns =
    [
        "Sequence", "Id", "PreviousHash", "Hash", "TenantId", "At", "ActorId", "SessionId", "Address", "Node", "Action", "Outcome", "SubjectType", "SubjectId", "SubjectName",
        "Count", "Before", "After", "Detail",
    ];

    /// <summary>Up to <paramref name="count"/> sealed rows behind the place <paramref name="after"/>, in the order of the chain.</summary>
    public Task<IReadOnlyList<ChainRow>> SealedAsync(AppDbContext db, long after, int count, CancellationToken cancellation) =>
        ReadAsync(db, $"{dialect.Quote("Sequence")} > @after ORDER BY {dialect.Quote("Sequence")}", after, count, cancellation);

    /// <summary>The first <paramref name="count"/> rows that are committed and not sealed, by id.</summary>
    public Task<IReadOnlyList<ChainRow>> UnsealedAsync(AppDbContext db, int count, CancellationToken cancellation) =>
        ReadAsync(db, $"{dialect.Quote("Sequence")} IS NULL ORDER BY {dialect.Quote("Id")}", null, count, cancellation);

    private async Task<IReadOnlyList<ChainRow>> ReadAsync(AppDbContext db, string condition, long? after, int count, CancellationToken cancellation)
    {
        await db.Database.OpenConnectionAsync(cancellation);
        try
        {
            await using var command = db.Database.GetDbConnection().CreateCommand();
            command.Transaction = db.Database.CurrentTransaction?.GetDbTransaction();
            command.CommandText = $"SELECT {string.Join(", ", Columns.Select(dialect.Quote))} FROM {dialect.Quote("AuditEntries")} WHERE {condition} OFFSET 0 ROWS FETCH NEXT {count} ROWS ONLY";
            if (after is { } place)
            {
                var parameter = command.CreateParameter();
                (parameter.ParameterName, parameter.Value) = ("@after", place);
                command.Parameters.Add(parameter);
            }

            var rows = new List<ChainRow>();
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation)) rows.Add(Row(reader));
            return rows;
        }
        finally
        {
            await db.Database.CloseConnectionAsync();
        }
    }

    private static ChainRow Row(DbDataReader reader)
    {
        var sequence = Value<long>(reader, 0);
        var id = reader.GetInt64(1);
        try
        {
            return new ChainRow
            {
                Sequence = sequence,
                Id = id,
                PreviousHash = Object<byte[]>(reader, 2),
                Hash = Object<byte[]>(reader, 3),
                TenantId = reader.GetFieldValue<Guid>(4),
                At = reader.GetFieldValue<DateTimeOffset>(5),
                ActorId = Value<Guid>(reader, 6),
                SessionId = Value<Guid>(reader, 7),
                Address = Object<string>(reader, 8),
                Node = reader.GetString(9),
                Action = reader.GetString(10),
                Outcome = reader.GetString(11),
                SubjectType = Object<string>(reader, 12),
                SubjectId = Object<string>(reader, 13),
                SubjectName = Object<string>(reader, 14),
                Count = reader.GetInt32(15),
                Before = Object<string>(reader, 16),
                After = Object<string>(reader, 17),
                Detail = Object<string>(reader, 18),
            };
        }
        catch (Exception exception) when (exception is InvalidCastException or FormatException or ArgumentException or OverflowException)
        {
            return new ChainRow { Sequence = sequence, Id = id, IsUnreadable = true };
        }
    }

    private static T? Value<T>(DbDataReader reader, int column) where T : struct => reader.IsDBNull(column) ? null : reader.GetFieldValue<T>(column);

    private static T? Object<T>(DbDataReader reader, int column) where T : class => reader.IsDBNull(column) ? null : reader.GetFieldValue<T>(column);
}
