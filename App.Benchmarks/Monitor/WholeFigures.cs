using BlazorAdmin.Benchmarks.Figures;
using BlazorAdmin.Benchmarks.Hosting;
using BlazorAdmin.Features.Monitor;

namespace BlazorAdmin.Benchmarks.Monitor;

/// <summary>All of monitoring (samples, store, rollups, processes) in a portal that nobody looks at: the portal with every family beside one with none.</summary>
internal static class WholeFigures
{
    private static readonly TimeSpan Warm = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Watched = TimeSpan.FromSeconds(60);

    public static async Task MeasureAsync(FigureSink sink, PortalUnderTest portal, CancellationToken cancellation)
    {
        sink.Say("All of monitoring: two portals, one of them without families");
        string[] none = [.. Enum.GetNames<MetricFamily>().Append(MonitorOptions.Processes).Select(name => $"--Monitor:Families:{name}=false")];
        await using var with = await portal.StartAsync(observed: false, cancellation, "--Node:Name=with");
        await using var without = await portal.StartAsync(observed: false, cancellation, [.. none, "--Node:Name=without", "--Monitor:IntervalMilliseconds=10000"]);
        await Task.Delay(Warm, cancellation);
        FigureSpec[] specs = [new("monitor.whole", "% of a core", Better.Lower) { Must = 0.5, Peer = "the portal without monitoring" }];
        await Runs.MeasureAsync(sink, specs, new LoopProbe(), Repetition.Few, async token =>
        {
            var shares = await Task.WhenAll(ViewerFigures.ShareAsync(with, Watched, token), ViewerFigures.ShareAsync(without, Watched, token));
            return RunResult.Of(shares[0] - shares[1], shares[1]);
        }, cancellation);
    }
}
