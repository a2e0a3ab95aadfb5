using BlazorAdmin.Benchmarks.Figures;

namespace BlazorAdmin.Benchmarks.Jobs;

/// <summary>How punctual schedules are when many are due in the same second.</summary>
internal static class CronFigures
{
    private const int Schedules = 20;
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Punctual = TimeSpan.FromMilliseconds(50);

    public static async Task MeasureAsync(FigureSink sink, JobsServer server, CancellationToken cancellation)
    {
        sink.Say($"Cron: {Schedules} schedules, all due every second, {Duration.TotalSeconds:0} s");
        var database = await server.CreateAsync("bench_cron", cancellation);
        await using (var node = EngineNode.Create(database, server.Folder, portal => BenchSchedules.Register(portal, Schedules)))
        {
            await node.StartAsync(cancellation);
            await Task.Delay(Settled, cancellation);
            FigureSpec[] specs =
            [
                new("jobs.cron", "% within 50 ms", Better.Higher) { Must = 97, Aim = 99.5 },
                new("jobs.cron.p99", "ms", Better.Lower),
            ];
            await Runs.MeasureAsync(sink, specs, new LoopProbe(), Repetition.Once, async token =>
            {
                node.Work.Lateness.Clear();
                await Task.Delay(Duration, token);
                var late = node.Work.Lateness.ToArray();
                // A tick that has not come counts as late.
                var due = Math.Max(late.Length, Schedules * (int)Duration.TotalSeconds);
                return new RunResult(
                    [100.0 * late.Count(time => time <= Punctual) / due, Runs.Percentile(late.Select(time => time.TotalMilliseconds), 0.99)],
                    [double.NaN, double.NaN]);
            }, cancellation);
        }

        await server.DropAsync(database, cancellation);
    }
}
