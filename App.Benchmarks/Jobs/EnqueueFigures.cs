using System.Diagnostics;
using BlazorAdmin.Benchmarks.Figures;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Security;

namespace BlazorAdmin.Benchmarks.Jobs;

/// <summary>How fast jobs come in: many at once, and one by one with the caller's transaction.</summary>
internal static class EnqueueFigures
{
    private const int Callers = 8;
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(4);

    public static async Task MeasureAsync(FigureSink sink, JobsServer server, GraphilePeer graphile, JobsSizes sizes, CancellationToken cancellation)
    {
        sink.Say($"Enqueue: {sizes.Jobs:N0} in bulk; one a transaction by 1 and by {Callers} callers");
        var database = await server.CreateAsync("bench_enqueue", cancellation);
        await using (var node = EngineNode.Create(database, server.Folder))
        {
            await node.ConnectAsync(cancellation);
            await RateAsync(node, Callers, cancellation);
            await Runs.MeasureAsync(
                sink, [new FigureSpec("jobs.enqueue.bulk", "jobs/s", Better.Higher) { Must = 40_000, Aim = 80_000, Peer = $"{graphile.Name}, add_jobs" }],
                DatabaseProbe.Copy(server.Probes), Repetition.Few, async token =>
                {
                    await JobsServer.ExecuteAsync(database, "TRUNCATE \"Jobs\" CASCADE", token);
                    var start = Stopwatch.GetTimestamp();
                    await DrainFigures.EnqueueAsync(node, sizes.Jobs, token);
                    var rate = sizes.Jobs / Stopwatch.GetElapsedTime(start).TotalSeconds;
                    await graphile.DoAsync("clear", null, token);
                    return RunResult.Of(rate, await graphile.RateAsync("bulk", new { count = sizes.Jobs }, token));
                }, cancellation);
            await JobsServer.ExecuteAsync(database, "TRUNCATE \"Jobs\" CASCADE", cancellation);
            await graphile.DoAsync("clear", null, cancellation);
            FigureSpec[] specs =
            [
                new("jobs.enqueue.one", "jobs/s", Better.Higher) { Must = 800, Aim = 1_200, Peer = $"{graphile.Name}, addJob" },
                new("jobs.enqueue.eight", "jobs/s", Better.Higher) { Must = 3_000, Aim = 5_000, Peer = $"{graphile.Name}, addJob" },
            ];
            await Runs.MeasureAsync(sink, specs, DatabaseProbe.Commits(server.Probes), Repetition.Few, async token => new RunResult(
                [await RateAsync(node, 1, token), await RateAsync(node, Callers, token)],
                [await PeerRateAsync(graphile, 1, token), await PeerRateAsync(graphile, Callers, token)]), cancellation);
            await graphile.DoAsync("clear", null, cancellation);
        }

        await server.DropAsync(database, cancellation);
    }

    private static Task<double> PeerRateAsync(GraphilePeer graphile, int callers, CancellationToken cancellation) =>
        graphile.RateAsync("enqueue", new { callers, seconds = Duration.TotalSeconds }, cancellation);

    private static async Task<double> RateAsync(EngineNode node, int callers, CancellationToken cancellation)
    {
        var start = Stopwatch.GetTimestamp();
        var jobs = 0;
        await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(async () =>
        {
            for (; Stopwatch.GetElapsedTime(start) < Duration; Interlocked.Increment(ref jobs))
            {
                await using var db = await node.Databases.CreateDbContextAsync(cancellation);
                db.Enqueue(new NoopJob(jobs), Caller.Portal, DateTimeOffset.UtcNow);
                await db.SaveChangesAsync(cancellation);
            }
        }, cancellation)));
        return jobs / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
