using System.Diagnostics;
using BlazorAdmin.Benchmarks.Figures;
using BlazorAdmin.Benchmarks.Jobs;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Shell.Lists;
using Npgsql;

namespace BlazorAdmin.Benchmarks.People;

/// <summary>Filtered pages of a long audit, and the export of a part of it.</summary>
internal static class AuditFigures
{
    private const int Exported = 100_000;

    public static async Task MeasureAsync(FigureSink sink, JobsServer server, string database, int rows, CancellationToken cancellation)
    {
        await using var node = EngineNode.Create(database, server.Folder);
        await new ListTimes("people.audit", 300, Kinds(rows)).MeasureAsync(
            sink, (query, token) => ListTimes.AskAsync<AuditLog>(node, AuditPermissions.Read, audit => audit.ListAsync(query, token)), null, null, cancellation);
        await ExportAsync(sink, node, database, rows, cancellation);
    }

    private static IReadOnlyList<(string Name, Func<Random, ListQuery> Query)> Kinds(int rows)
    {
        var days = (int)Math.Max(1, rows * 10L / 86_400);
        return
        [
            ("all", _ => Audit()),
            ("actor", random => Audit().WithFilter("actor", PeopleRows.Person(1 + random.Next(PeopleRows.Busy)).ToString())),
            ("action", random => Audit().WithFilter("action", $"bench.action{random.Next(PeopleRows.Actions)}")),
            ("outcome", random => Audit().WithFilter("outcome", random.Next(2) == 0 ? "denied" : "failed")),
            ("outcome-action", random => Audit().WithFilter("outcome", "denied").WithFilter("action", $"bench.action{random.Next(PeopleRows.Actions)}")),
            ("subject", random => Audit().WithFilter("subject", $"document/{random.Next(PeopleRows.Subjects)}")),
            ("week", _ => Audit().WithFilter("period", "week")),
            ("old-day", random => Between(random.Next(days))),
            ("old-day-actor", random => Between(random.Next(days)).WithFilter("actor", PeopleRows.Person(1 + random.Next(PeopleRows.Busy)).ToString())),
            ("old-day-outcome", random => Between(random.Next(days)).WithFilter("outcome", "denied")),
            ("word", random => Audit().WithSearch($"report {random.Next(PeopleRows.Subjects)} of")),
            ("person", random => Audit().WithSearch($"last{random.Next(200)}")),
            ("word-outcome", random => Audit().WithSearch("report").WithFilter("outcome", "denied")),
            ("nothing", random => Audit().WithSearch($"absent{random.Next()}")),
        ];

        static ListQuery Audit() => AuditLog.Defaults;

        static ListQuery Between(int daysAgo)
        {
            var from = DateTimeOffset.UtcNow.AddDays(-daysAgo - 1);
            return Audit().WithFilter("from", from.ToString("O", System.Globalization.CultureInfo.InvariantCulture)).WithFilter("to", from.AddDays(1).ToString("O", System.Globalization.CultureInfo.InvariantCulture));
        }
    }

    private static async Task ExportAsync(FigureSink sink, EngineNode node, string database, int rows, CancellationToken cancellation)
    {
        // A filter that leaves at least the rows wanted: what is read ends with the last of them.
        var query = AuditLog.Defaults.WithFilter("period", "");
        var wanted = Math.Min(Exported, rows);
        FigureSpec[] specs =
        [
            new("people.audit.export", "s", Better.Lower) { Must = 5, Peer = "the same rows by COPY ... TO STDOUT, CSV" },
            new("people.audit.export.memory", "MB", Better.Lower) { Must = 50 },
        ];
        await Runs.MeasureAsync(sink, specs, new LoopProbe(), Repetition.Few, async token =>
        {
            var before = GC.GetTotalMemory(forceFullCollection: true);
            var most = before;
            var start = Stopwatch.GetTimestamp();
            await ListTimes.AskAsync<AuditLog>(node, AuditPermissions.Read, async audit =>
            {
                var columns = AuditExport.Columns(node.Get<IServiceProvider>());
                await ListExport.WriteCsv(FirstAsync(audit.ExportAsync(query, token), wanted, () => most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: false))), columns, Stream.Null, token);
            });
            var took = Stopwatch.GetElapsedTime(start).TotalSeconds;
            return new RunResult([took, (most - before) / 1048576.0], [await CopyAsync(database, wanted, token), double.NaN]);
        }, cancellation);
    }

    private static async IAsyncEnumerable<T> FirstAsync<T>(IAsyncEnumerable<T> rows, int count, Action look)
    {
        var seen = 0;
        await foreach (var row in rows)
        {
            yield return row;
            if (++seen % 1_000 == 0) look();
            if (seen == count) yield break;
        }
    }

    private static async Task<double> CopyAsync(string database, int count, CancellationToken cancellation)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync(cancellation);
        var start = Stopwatch.GetTimestamp();
        using var reader = await connection.BeginTextExportAsync($"""COPY (SELECT * FROM "AuditEntries" ORDER BY "Id" DESC LIMIT {count}) TO STDOUT (FORMAT CSV)""", cancellation);
        var buffer = new char[65_536];
        while (await reader.ReadAsync(buffer, cancellation) > 0) continue;
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
