using System.Diagnostics;
using BlazorAdmin.Benchmarks.Figures;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Security;

namespace BlazorAdmin.Benchmarks.Jobs;

/// <summary>Jobs that do nothing, through the whole engine, beside the finished ones of a long time.</summary>
internal static class DrainFigures
{
    private const int Chunk = 10_000;

    public static async Task MeasureAsync(FigureSink sink, JobsServer server, GraphilePeer graphile, JobsSizes sizes, CancellationToken cancellation)
    {
        sink.Say($"Drain: {sizes.Jobs:N0} no-op jobs beside {sizes.History:N0} finished ones");
        var database = await server.CreateAsync("bench_drain", cancellation);
        await JobRows.FillFinishedAsync(database, sink, sizes.History, cancellation);
        var peer = $"{graphile.Name}, local queue 500, no history";
        FigureSpec[] specs =
        [
            new("jobs.drain", "jobs/s", Better.Higher) { Must = 5_000, Aim = 12_000, Peer = peer },
            new("jobs.commits", "commits/job", Better.Lower) { Must = 0.1, Aim = 0.02, Peer = peer },
            // What a busy machine hardly changes: how much of a core a job takes.
            new("jobs.drain.cpu.node", "us/job", Better.Lower),
            new("jobs.drain.cpu.server", "us/job", Better.Lower) { Peer = peer },
        ];
        await Runs.MeasureAsync(sink, specs, new LoopProbe(), Repetition.Few, async token =>
        {
            var (rate, commits, node, ofServer) = await DrainAsync(server, database, sizes.Jobs, token);
            await graphile.DoAsync("bulk", new { count = sizes.Jobs }, token);
            var before = graphile.Runs ? await server.CommitsAsync(graphile.Database, token) : 0;
            var peerProcessor = server.ProcessorTime();
            var peerRate = await graphile.RateAsync("drain", new { count = sizes.Jobs }, token);
            peerProcessor = server.ProcessorTime() - peerProcessor;
            // Its sessions stay, and report every second.
            await Task.Delay(TimeSpan.FromSeconds(1.5), token);
            var peerCommits = graphile.Runs ? (await server.CommitsAsync(graphile.Database, token) - before) / (double)sizes.Jobs : double.NaN;
            return new RunResult([rate, commits, node, ofServer], [peerRate, peerCommits, double.NaN, graphile.Runs ? peerProcessor.TotalMicroseconds / sizes.Jobs : double.NaN]);
        }, cancellation);
        await server.DropAsync(database, cancellation);
    }

    private static async Task<(double Rate, double Commits, double Node, double Server)> DrainAsync(JobsServer server, string database, int jobs, CancellationToken cancellation)
    {
        long before;
        double rate, ofNode, ofServer;
        await using (var node = EngineNode.Create(database, server.Folder))
        {
            await EnqueueAsync(node, jobs, cancellation);
            before = await server.CommitsAsync(database, cancellation);
            var drained = node.Work.Drained(jobs);
            var (nodeBefore, serverBefore) = (Environment.CpuUsage.TotalTime, server.ProcessorTime());
            var start = Stopwatch.GetTimestamp();
            await node.StartAsync(cancellation);
            await drained.WaitAsync(TimeSpan.FromMinutes(10), cancellation);
            await node.WhenWrittenAsync(cancellation);
            rate = jobs / Stopwatch.GetElapsedTime(start).TotalSeconds;
            (ofNode, ofServer) = ((Environment.CpuUsage.TotalTime - nodeBefore).TotalMicroseconds / jobs, (server.ProcessorTime() - serverBefore).TotalMicroseconds / jobs);
        }

        var commits = (await server.CommitsAsync(database, cancellation) - before) / (double)jobs;
        var left = await JobsServer.ScalarAsync(database, """SELECT count(*) FROM "Jobs" WHERE "State" IN ('Queued', 'Running')""", cancellation);
        return left == 0 ? (rate, commits, ofNode, ofServer) : throw new InvalidOperationException($"{left} jobs are not finished.");
    }

    /// <summary>Enqueues jobs in chunks of ten thousand.</summary>
    public static async Task EnqueueAsync(EngineNode node, int jobs, CancellationToken cancellation)
    {
        var queue = node.Get<JobQueue>();
        foreach (var numbers in Enumerable.Range(0, jobs).Chunk(Chunk))
        {
            await using var db = await node.Databases.CreateDbContextAsync(cancellation);
            await queue.EnqueueManyAsync(db, [.. numbers.Select(number => new NoopJob(number))], Caller.Portal, cancellation: cancellation);
        }
    }
}
