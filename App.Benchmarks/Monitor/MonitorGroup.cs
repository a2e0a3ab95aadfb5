using BlazorAdmin.Benchmarks.Figures;
using BlazorAdmin.Benchmarks.Hosting;
using BlazorAdmin.Benchmarks.Jobs;

namespace BlazorAdmin.Benchmarks.Monitor;

/// <summary>What monitoring costs and how fast its past is read: the collector, the walk of processes, the packed store, ranges of a stored year.</summary>
public sealed class MonitorGroup : IFigureGroup
{
    private static readonly string[] Served = ["monitor.viewers", "monitor.pixel", "monitor.whole"];

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
        if (Served.Any(sink.Wants)) await ServeAsync(sink, cancellation);
        if (!sink.Wants("monitor.range")) return;
        await using var server = await JobsServer.StartAsync(cancellation);
        await RangeFigures.MeasureAsync(sink, server, cancellation);
    }

    private static async Task ServeAsync(FigureSink sink, CancellationToken cancellation)
    {
        sink.Say("Publishing the portal and starting it on a database of its own");
        await using var portal = await PortalUnderTest.PrepareAsync(cancellation);
        if (sink.Wants("monitor.viewers") || sink.Wants("monitor.pixel"))
        {
            await using var program = await portal.StartAsync(observed: false, cancellation);
            using var person = await PortalUnderTest.SignInAsync(program.Address, cancellation);
            if (sink.Wants("monitor.pixel")) await PixelFigures.MeasureAsync(sink, program, person, cancellation);
            if (sink.Wants("monitor.viewers")) await ViewerFigures.MeasureAsync(sink, program, person, cancellation);
        }

        if (sink.Wants("monitor.whole")) await WholeFigures.MeasureAsync(sink, portal, cancellation);
    }
}
