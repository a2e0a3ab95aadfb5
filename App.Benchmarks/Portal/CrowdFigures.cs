using BlazorAdmin.Benchmarks.Figures;
using BlazorAdmin.Benchmarks.Hosting;

namespace BlazorAdmin.Benchmarks.Portal;

/// <summary>A full house: most people on lists, some on dashboards, a few watching charts; those on lists click.</summary>
internal static class CrowdFigures
{
    private const int Lists = 1_800, Dashboards = 150, Charts = 50;
    private const int Rate = 200;

    public static async Task MeasureAsync(FigureSink sink, ServedProgram program, HttpClient person, CancellationToken cancellation)
    {
        sink.Say($"Crowd: {Lists} lists, {Dashboards} dashboards, {Charts} pages of charts, {Rate} clicks/s; the clients share the two cores");
        await using var charts = await CircuitCrowd.OpenAsync(person, new Uri(program.Address, Pages.Charts), Charts, ready: null, cancellation);
        await using var dashboards = await CircuitCrowd.OpenAsync(person, new Uri(program.Address, Pages.Dashboard), Dashboards, ready: null, cancellation);
        await using var lists = await CircuitCrowd.OpenAsync(person, new Uri(program.Address, Pages.List), Lists, Pages.SortClick.IsReady, cancellation);
        await ClickLoad.RunAsync(lists, Pages.SortClick, cancellation, Rate);
        FigureSpec[] specs =
        [
            new("portal.crowd.p50", "ms", Better.Lower),
            new("portal.crowd.p95", "ms", Better.Lower) { Must = 15 },
            new("portal.crowd.p99", "ms", Better.Lower) { Must = 75 },
            new("portal.crowd.rate", "clicks/s", Better.Higher),
            new("portal.crowd.memory", "MB", Better.Lower) { Must = 1_200 },
        ];
        await Runs.MeasureAsync(sink, specs, new LoopProbe(), Repetition.Few, async token =>
        {
            var (times, rate) = await ClickLoad.RunAsync(lists, Pages.SortClick, token, Rate);
            return new RunResult(
                [Runs.Percentile(times, 0.5), Runs.Percentile(times, 0.95), Runs.Percentile(times, 0.99), rate, program.WorkingSet / 1024.0 / 1024],
                [double.NaN, double.NaN, double.NaN, double.NaN, double.NaN]);
        }, cancellation);
        foreach (var crowd in new[] { lists, dashboards, charts }) await crowd.LeaveAsync(cancellation);
    }
}
