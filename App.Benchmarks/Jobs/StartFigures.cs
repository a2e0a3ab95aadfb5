using BlazorAdmin.Benchmarks.Figures;

namespace BlazorAdmin.Benchmarks.Jobs;

/// <summary>From the call that saves a job to the first line of its handler, its commit included.</summary>
internal static class StartFigures
{
    private const int Probes = 200;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);

    public static async Task MeasureAsync(FigureSink sink, JobsServer server, GraphilePeer graphile, JobsSizes sizes, CancellationToken cancellation)
    {
        var database = await server.CreateAsync("bench_start", cancellation);
        await graphile.DoAsync("clear", null, cancellation);
        if (sink.Wants("jobs.start.idle"))
        {
            sink.Say("Enqueue to start, nothing else waits");
            await using var node = EngineNode.Create(database, server.Folder);
            await MeasureAsync("jobs.start.idle", node);
        }

        if (sink.Wants("jobs.start.waiting") || sink.Wants("jobs.start.busy"))
        {
            sink.Say($"Enqueue to start, {sizes.History:N0} due jobs of low priority wait");
            await JobRows.FillWaitingAsync(database, sink, sizes.History, cancellation);
        }

        if (sink.Wants("jobs.start.waiting"))
        {
            sink.Say("  the node cannot run their type");
            await using var node = EngineNode.Create(database, server.Folder);
            // Each of graphile-worker's polls reads every waiting row of a task that it does not know: seconds at a million.
            await MeasureAsync("jobs.start.waiting", node, peer: false);
        }

        if (sink.Wants("jobs.start.busy"))
        {
            sink.Say("  the node runs them as fast as it can: no-ops hold its slots and the machine's cores");
            await using var node = EngineNode.Create(database, server.Folder, portal => portal.Job<FillerJob, BenchHandler>());
            await MeasureAsync("jobs.start.busy", node, peer: false);
        }

        await graphile.DoAsync("clear", null, cancellation);
        await server.DropAsync(database, cancellation);

        async Task MeasureAsync(string name, EngineNode node, bool peer = true)
        {
            await node.StartAsync(cancellation);
            var number = 0;
            await node.StartOfProbeAsync(number++, cancellation);
            FigureSpec[] specs =
            [
                new($"{name}.p50", "ms", Better.Lower) { Must = 5, Aim = 3, Peer = peer ? graphile.Name : null },
                new($"{name}.p99", "ms", Better.Lower) { Must = 30, Aim = 15, Peer = peer ? graphile.Name : null },
            ];
            await Runs.MeasureAsync(sink, specs, DatabaseProbe.Commits(server.Probes), Repetition.Few, async token =>
            {
                var times = new List<double>();
                for (var probe = 0; probe < Probes; probe++)
                {
                    await Task.Delay(Pause * (0.5 + Random.Shared.NextDouble()), token);
                    times.Add((await node.StartOfProbeAsync(number++, token)).TotalMilliseconds);
                }

                var peers = peer ? await graphile.LatenciesAsync(Probes, Pause, token) : [];
                return new RunResult([Runs.Percentile(times, 0.5), Runs.Percentile(times, 0.99)], [Runs.Percentile(peers, 0.5), Runs.Percentile(peers, 0.99)]);
            }, cancellation);
        }
    }
}
