using System.Collections.Frozen;
using System.Diagnostics;
using BlazorAdmin.Benchmarks.Figures;
using BlazorAdmin.Benchmarks.Jobs;
using BlazorAdmin.Data;
using BlazorAdmin.Security;
using BlazorAdmin.Shell.Lists;
using Npgsql;

namespace BlazorAdmin.Benchmarks.People;

/// <summary>How long pages of a list take, service and database together, by what is asked for.</summary>
internal sealed class ListTimes(string name, double must, IReadOnlyList<(string Name, Func<Random, ListQuery> Query)> kinds)
{
    private const int Rounds = 8;

    // A page that takes longer is given up and counts as this.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    /// <param name="peer">Reads a page the way a plain grid does it, for the same place; null without one.</param>
    public Task MeasureAsync(FigureSink sink, Func<ListQuery, CancellationToken, Task> read, string? peerName, Func<Random, CancellationToken, Task>? peer, CancellationToken cancellation)
    {
        FigureSpec[] specs =
        [
            new($"{name}.p95", "ms", Better.Lower) { Must = must, Peer = peerName },
            .. kinds.Select(kind => new FigureSpec($"{name}.{kind.Name}.p95", "ms", Better.Lower)),
        ];
        return Runs.MeasureAsync(sink, specs, new LoopProbe(), Repetition.Few, async token =>
        {
            var random = new Random(7);
            var times = kinds.ToDictionary(kind => kind.Name, _ => new List<double>());
            var peers = new List<double>();
            for (var round = 0; round < Rounds; round++)
            {
                foreach (var (kind, query) in kinds) times[kind].Add(await TimeAsync(cut => read(query(random), cut), token));
                if (peer is not null) peers.Add(await TimeAsync(cut => peer(random, cut), token));
            }

            return new RunResult(
                [Runs.Percentile(times.Values.SelectMany(t => t), 0.95), .. kinds.Select(kind => Runs.Percentile(times[kind.Name], 0.95))],
                [Runs.Percentile(peers, 0.95), .. Enumerable.Repeat(double.NaN, kinds.Count)]);
        }, cancellation);
    }

    /// <summary>Runs <paramref name="ask"/> of a service as somebody with the permission.</summary>
    public static Task AskAsync<TService>(EngineNode node, string permission, Func<TService, Task> ask) where TService : notnull => AskAsync(node, [permission], ask);

    /// <summary>Runs <paramref name="ask"/> of a service as somebody with the permissions.</summary>
    public static async Task AskAsync<TService>(EngineNode node, IEnumerable<string> permissions, Func<TService, Task> ask) where TService : notnull
    {
        using var scope = node.Scope();
        scope.ServiceProvider.GetRequiredService<CurrentCaller>().Use(new Caller(PeopleRows.Person(1), null, "Reader", AppDbContext.DefaultTenant, null, permissions.ToFrozenSet()));
        await ask(scope.ServiceProvider.GetRequiredService<TService>());
    }

    private static async Task<double> TimeAsync(Func<CancellationToken, Task> read, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Longest);
        var start = Stopwatch.GetTimestamp();
        try
        {
            await read(limit.Token);
            return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }
        catch (Exception exception) when (exception is OperationCanceledException or NpgsqlException && !cancellation.IsCancellationRequested)
        {
            return Longest.TotalMilliseconds;
        }
    }
}
