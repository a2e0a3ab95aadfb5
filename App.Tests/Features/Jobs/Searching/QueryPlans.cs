using System.Collections.Concurrent;
using System.Data.Common;
using System.Globalization;
using System.Text.RegularExpressions;
using BlazorAdmin.Data;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;

namespace BlazorAdmin.Tests.Features.Jobs.Searching;

/// <summary>Remembers the statements that a test's services send, and asks the server afterwards how it would carry them out.</summary>
public sealed partial class QueryPlans : DbCommandInterceptor
{
    private const long LargestSort = 20_000;

    private readonly ConcurrentQueue<(string Sql, NpgsqlParameter[] Parameters)> _sent = new();

    public void Forget() => _sent.Clear();

    public int Count => _sent.Count;

    /// <summary>The statements whose plan reads <paramref name="tables"/> from end to end or sorts very many rows, with their plans.</summary>
    public async Task<IReadOnlyList<string>> ScansAsync(IDbContextFactory<AppDbContext> databases, params string[] tables)
    {
        var scans = new List<string>();
        await using var db = await databases.CreateDbContextAsync();
        await db.Database.OpenConnectionAsync();
        foreach (var (sql, parameters) in _sent.DistinctBy(s => s.Sql).ToList())
        {
            if (!Explainable().IsMatch(sql)) continue;
            await using var command = new NpgsqlCommand("EXPLAIN " + sql, (NpgsqlConnection)db.Database.GetDbConnection());
            foreach (var parameter in parameters) command.Parameters.Add(parameter.Clone());
            var plan = new List<string>();
            await using (var reader = await command.ExecuteReaderAsync())
                while (await reader.ReadAsync()) plan.Add(reader.GetString(0));
            if (plan.Exists(line => tables.Any(table => line.Contains($"Seq Scan on \"{table}\"", StringComparison.Ordinal)) || SortedRows(line) > LargestSort)) scans.Add($"{sql}\n{string.Join('\n', plan)}");
        }

        return scans;
    }

    public override InterceptionResult<DbDataReader> ReaderExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result)
    {
        Remember(command);
        return result;
    }

    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
    {
        Remember(command);
        return ValueTask.FromResult(result);
    }

    public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        Remember(command);
        return ValueTask.FromResult(result);
    }

    private static long SortedRows(string line) => Sorting().Match(line) is { Success: true } sort ? long.Parse(sort.Groups[1].Value, CultureInfo.InvariantCulture) : 0;

    private void Remember(DbCommand command) => _sent.Enqueue((command.CommandText, [.. command.Parameters.Cast<NpgsqlParameter>().Select(p => p.Clone())]));

    [GeneratedRegex(@"\bSort  \(cost=.* rows=(\d+) ")]
    private static partial Regex Sorting();

    [GeneratedRegex(@"^\s*(--[^\n]*\n\s*)*(SELECT|UPDATE|DELETE|WITH)\b")]
    private static partial Regex Explainable();
}
