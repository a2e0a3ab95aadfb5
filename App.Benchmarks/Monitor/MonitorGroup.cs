using BlazorAdmin.Benchmarks.Figures;
using BlazorAdmin.Benchmarks.Jobs;

namespace BlazorAdmin.Benchmarks.Monitor;

/// <summary>What monitoring costs and how fast its past is read: the collector, the walk of processes, the packed store, ranges of a stored year.</summary>
public sealed class MonitorGroup : IFigureGroup
{
    public string Name => "monitor";

    public async Task RunAsync(FigureSink sink, CancellationToken cancellation)
    {
        if (!OperatingSystem.IsLinux())
        {
            sink.Say("  the collector reads Linux only: nothing to measure");
            return;
        }

        if (sink.Wants("monitor.tick")) await TickFigures.MeasureAsync(sink, cancellation);
        if (sink.Wants("monitor.processes")) await ProcessFigures.MeasureAsync(sink, cancellation);
        if (sink.Wants("monitor.store")) await StoreFigures.MeasureAsync(sink, cancellation);
        if (!sink.Wants("monitor.range")) return;
        await using var server = await JobsServer.StartAsync(cancellation);
        await RangeFigures.MeasureAsync(sink, server, cancellation);
    }
}
