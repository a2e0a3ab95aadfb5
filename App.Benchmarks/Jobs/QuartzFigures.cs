using BlazorAdmin.Benchmarks.Figures;

namespace BlazorAdmin.Benchmarks.Jobs;

/// <summary>The same of Quartz, as figures of their own: no bound, to compare with.</summary>
internal static class QuartzFigures
{
    private const int Callers = 8;
    private const int Jobs = 1000;
    private const int Probes = 100;
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);

    public static async Task MeasureAsync(FigureSink sink, JobsServer server, CancellationToken cancellation)
    {
        sink.Say($"Peer: {QuartzPeer.Name}, 20 threads; {Jobs:N0} jobs to drain");
        var database = await server.CreateEmptyAsync("bench_quartz", cancellation);
        try
        {
            await using var quartz = await QuartzPeer.StartAsync(database, cancellation);
            FigureSpec[] specs =
            [
                new("jobs.quartz.drain", "jobs/s", Better.Higher),
                new("jobs.quartz.enqueue.one", "jobs/s", Better.Higher),
                new("jobs.quartz.enqueue.eight", "jobs/s", Better.Higher),
                new("jobs.quartz.start.idle.p50", "ms", Better.Lower),
                new("jobs.quartz.start.idle.p99", "ms", Better.Lower),
            ];
            await Runs.MeasureAsync(sink, specs, DatabaseProbe.Commits(server.Probes), Repetition.Few, async token =>
            {
                var one = await quartz.ScheduleRateAsync(1, Duration, token);
                var eight = await quartz.ScheduleRateAsync(Callers, Duration, token);
                var drain = await quartz.DrainRateAsync(Jobs, token);
                var times = await quartz.LatenciesAsync(Probes, Pause, token);
                return new RunResult([drain, one, eight, Runs.Percentile(times, 0.5), Runs.Percentile(times, 0.99)], [.. Enumerable.Repeat(double.NaN, specs.Length)]);
            }, cancellation);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            sink.Say($"  {QuartzPeer.Name} cannot run here: {exception.Message}");
        }

        await server.DropAsync(database, cancellation);
    }
}
