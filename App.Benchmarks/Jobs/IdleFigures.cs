using BlazorAdmin.Benchmarks.Figures;

namespace BlazorAdmin.Benchmarks.Jobs;

/// <summary>What a node asks the database while it has nothing to do.</summary>
internal static class IdleFigures
{
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(30);

    public static async Task MeasureAsync(FigureSink sink, JobsServer server, CancellationToken cancellation)
    {
        sink.Say($"An idle node, {Duration.TotalSeconds:0} s");
        var database = await server.CreateAsync("bench_idle", cancellation);
        await using (var node = EngineNode.Create(database, server.Folder))
        {
            await node.StartAsync(cancellation);
            await Task.Delay(Settled, cancellation);
            // What it asks does not depend on how busy the machine is.
            await Runs.MeasureAsync(sink, [new FigureSpec("jobs.idle", "queries/s", Better.Lower) { Must = 3, Aim = 1 }], new SizeProbe(), Repetition.Once, async token =>
            {
                using var statements = new Statements();
                await Task.Delay(Duration, token);
                foreach (var (text, count) in statements.MostFrequent) sink.Say($"    {count / Duration.TotalSeconds,6:0.00}/s {text}");
                return RunResult.Of(statements.Count / Duration.TotalSeconds);
            }, cancellation);
        }

        await server.DropAsync(database, cancellation);
    }
}
