using System.Globalization;
using System.Text.RegularExpressions;
using BlazorAdmin.Features.Backup.Database;
using Microsoft.EntityFrameworkCore.Metadata;
using Npgsql;
using NpgsqlTypes;

namespace BlazorAdmin.Tests.Features.Backup;

/// <summary>Puts rows into every table of the model that a backup carries: nulls, letters of many scripts, long texts, extreme times, any bytes.</summary>
internal static partial class FilledTables
{
    public const int RowsEach = 3;

    private const int LongText = 300_000;

    public static async Task FillAsync(BackupSite site)
    {
        await using var db = site.Databases.CreateDbContext();
        var tables = db.Model.GetRelationalModel().Tables.ToDictionary(t => t.Name);
        await using var connection = new NpgsqlConnection(site.ConnectionString);
        await connection.OpenAsync();
        foreach (var table in BackupTables.Of(db.Model).Select(t => tables[t.Name]))
            for (var row = 0; row < RowsEach; row++)
            {
                await using var insert = Insert(table, row);
                insert.Connection = connection;
                await insert.ExecuteNonQueryAsync();
            }
    }

    private static NpgsqlCommand Insert(ITable table, int row)
    {
        var command = new NpgsqlCommand();
        var values = new List<string>();
        foreach (var column in table.Columns)
        {
            var key = table.ForeignKeyConstraints.FirstOrDefault(k => k.Columns.Contains(column) && k.PrincipalTable != table);
            if (key is not null)
            {
                var principal = key.PrincipalColumns[key.Columns.ToList().IndexOf(column)];
                var order = string.Join(", ", key.PrincipalTable.PrimaryKey!.Columns.Select(c => Quote(c.Name)));
                values.Add($"(SELECT {Quote(principal.Name)} FROM {Quote(key.PrincipalTable.Name)} ORDER BY {order} OFFSET {row} LIMIT 1)");
                continue;
            }

            values.Add($"@p{command.Parameters.Count}");
            var isSelf = table.ForeignKeyConstraints.Any(k => k.Columns.Contains(column));
            command.Parameters.Add(Value(table, column, isSelf ? 1 : row, $"p{command.Parameters.Count}"));
        }

        command.CommandText = $"INSERT INTO {Quote(table.Name)} ({string.Join(", ", table.Columns.Select(c => Quote(c.Name)))}) VALUES ({string.Join(", ", values)})";
        return command;
    }

    private static NpgsqlParameter Value(ITable table, IColumn column, int row, string name)
    {
        var (type, value) = Sample(column.StoreType, row, table.Indexes.Any(i => i.Columns.Contains(column)) || table.PrimaryKey!.Columns.Contains(column));
        // The last row is null wherever it may be.
        return new NpgsqlParameter(name, type) { Value = row == 1 && column.IsNullable ? DBNull.Value : value };
    }

    private static (NpgsqlDbType Type, object Value) Sample(string type, int row, bool indexed) => type switch
    {
        "bigint" => (NpgsqlDbType.Bigint, row == 2 ? long.MaxValue - Random.Shared.Next() : Random.Shared.NextInt64(1, long.MaxValue)),
        "integer" => (NpgsqlDbType.Integer, row == 2 && !indexed ? int.MinValue : Random.Shared.Next()),
        "smallint" => (NpgsqlDbType.Smallint, (short)(row - 1)),
        "boolean" => (NpgsqlDbType.Boolean, row == 0),
        "double precision" => (NpgsqlDbType.Double, row == 2 ? double.NaN : Math.PI * row),
        "uuid" => (NpgsqlDbType.Uuid, Guid.NewGuid()),
        "timestamp with time zone" => (NpgsqlDbType.TimestampTz, row == 2 && !indexed ? DateTime.SpecifyKind(new DateTime(9999, 12, 31, 23, 59, 59, 999).AddTicks(9_990), DateTimeKind.Utc) : DateTime.UtcNow.AddDays(-row)),
        "bytea" => (NpgsqlDbType.Bytea, Enumerable.Range(0, 32).Select(i => (byte)(i * 37 + row)).ToArray()),
        "jsonb" => (NpgsqlDbType.Jsonb, """{"größe": [1, null, "\u4e2d"], "b": {}}"""),
        "text" => (NpgsqlDbType.Text, row == 0 && !indexed ? new string('ß', LongText) : $"{Guid.NewGuid():N} \t\n\\N \"quoted\" € 中文 🙂"),
        _ when LengthPattern().Match(type) is { Success: true } found =>
            (NpgsqlDbType.Varchar, Cut($"{Guid.NewGuid():N} größer 中文 \\. \u0001", int.Parse(found.Groups["length"].Value, CultureInfo.InvariantCulture))),
        _ => throw new InvalidOperationException($"No sample of the type {type}: say what one looks like."),
    };

    private static string Cut(string text, int length) => text.Length > length ? text[..length] : text;

    private static string Quote(string name) => $"\"{name}\"";

    [GeneratedRegex(@"^character varying\((?<length>\d+)\)$")]
    private static partial Regex LengthPattern();
}
