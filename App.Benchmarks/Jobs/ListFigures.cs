using System.Collections.Frozen;
using System.Diagnostics;
using BlazorAdmin.Benchmarks.Figures;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Security;
using BlazorAdmin.Shell.Lists;
using Npgsql;

namespace BlazorAdmin.Benchmarks.Jobs;

/// <summary>The list of jobs over the finished ones of a long time: first pages of what people look for.</summary>
internal static class ListFigures
{
    private const int Rounds = 5;

    // A page that takes longer is given up and counts as this.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(3);

    private static readonly Caller Reader = new(Guid.NewGuid(), null, "Reader", AppDbContext.DefaultTenant, null, new[] { JobsPermissions.Read }.ToFrozenSet());

    public static async Task MeasureAsync(FigureSink sink, JobsServer server, JobsSizes sizes, CancellationToken cancellation)
    {
        sink.Say($"List: {sizes.List:N0} rows");
        var database = await server.CreateAsync("bench_list", cancellation);
        await JobRows.FillFinishedAsync(database, sink, sizes.List, cancellation);
        await JobRows.FillFieldsAsync(database, cancellation);
        await using (var node = EngineNode.Create(database, server.Folder))
        {
            var kinds = Kinds(sizes.List);
            FigureSpec[] specs =
            [
                new($"jobs.list.p95", "ms", Better.Lower) { Must = 300, Aim = 100 },
                .. kinds.Select(kind => new FigureSpec($"jobs.list.{kind.Name}.p95", "ms", Better.Lower)),
            ];
            await Runs.MeasureAsync(sink, specs, new LoopProbe(), Repetition.Few, async token =>
            {
                var random = new Random(7);
                var times = new Dictionary<string, List<double>>();
                foreach (var kind in kinds) times[kind.Name] = [];
                for (var round = 0; round < Rounds; round++)
                    foreach (var (name, query) in kinds)
                        times[name].Add(await TimeAsync(node, query(random.Next(1, sizes.List)), token));
                return new RunResult(
                    [Runs.Percentile(times.Values.SelectMany(t => t), 0.95), .. kinds.Select(kind => Runs.Percentile(times[kind.Name], 0.95))],
                    [.. Enumerable.Repeat(double.NaN, specs.Length)]);
            }, cancellation);
        }

        await server.DropAsync(database, cancellation);
    }

    private static List<(string Name, Func<int, ListQuery> Query)> Kinds(int rows) =>
    [
        ("all", _ => new ListQuery()),
        ("state", number => new ListQuery().WithFilter("state", number % 2 == 0 ? "failed" : "succeeded")),
        ("type", number => new ListQuery().WithFilter("type", $"bench.type{number % JobRows.Types}")),
        ("type-state", number => new ListQuery().WithFilter("type", $"bench.type{number % JobRows.Types}").WithFilter("state", "failed")),
        ("owner", number => new ListQuery().WithFilter("owner", $"00000000-0000-7000-8000-{number % JobRows.Owners / 4 * 4:000000000000}")),
        ("id", number => new ListQuery().WithSearch($"#{number % rows}")),
        ("word", number => new ListQuery().WithSearch($"word{number % (JobRows.Words / 10) * 10}")),
        ("word-state", number => new ListQuery().WithSearch($"word{number % (JobRows.Words / 10) * 10}").WithFilter("state", "failed")),
        ("nothing", number => new ListQuery().WithSearch($"absent{number}")),
    ];

    private static async Task<double> TimeAsync(EngineNode node, ListQuery query, CancellationToken cancellation)
    {
        using var scope = node.Scope();
        scope.ServiceProvider.GetRequiredService<CurrentCaller>().Use(Reader);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Longest);
        var start = Stopwatch.GetTimestamp();
        try
        {
            await scope.ServiceProvider.GetRequiredService<JobsService>().ListAsync(query, limit.Token);
            return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }
        catch (Exception exception) when (exception is OperationCanceledException or NpgsqlException && !cancellation.IsCancellationRequested)
        {
            return Longest.TotalMilliseconds;
        }
    }
}
