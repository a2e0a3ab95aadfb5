using BlazorAdmin.Benchmarks.Circuits;
using BlazorAdmin.Benchmarks.Figures;
using BlazorAdmin.Benchmarks.Hosting;
using BlazorAdmin.Benchmarks.Peer;

namespace BlazorAdmin.Benchmarks.Portal;

/// <summary>What the portal costs and how fast it answers: the published program, in a process of its own, on its own database.</summary>
public sealed class PortalGroup : IFigureGroup
{
    private const string CounterPage = "template counter page";

    private static readonly string[] Served = ["portal.load", "portal.lighthouse", "portal.circuit", "portal.click", "portal.crowd", "portal.start"];

    public string Name => "portal";

    public async Task RunAsync(FigureSink sink, CancellationToken cancellation)
    {
        SelfCheck.Run();
        if (sink.Wants("portal.collector")) await CollectorCost.MeasureAsync(sink, cancellation);
        if (!Served.Any(sink.Wants)) return;
        sink.Say("Publishing the portal and starting it on a database of its own");
        await using var portal = await PortalUnderTest.PrepareAsync(cancellation);
        await using (var program = await portal.StartAsync(observed: true, cancellation))
        {
            await portal.AddPeopleAsync(cancellation);
            using var person = await PortalUnderTest.SignInAsync(program.Address, cancellation);
            if (sink.Wants("portal.load")) await MeasureFirstLoadAsync(sink, program, person, cancellation);
            if (sink.Wants("portal.lighthouse")) await LighthouseFigures.MeasureAsync(sink, program, person, cancellation);
            await using var peer = await StartPeerAsync(observed: true, cancellation);
            using var anonymous = new HttpClient();
            if (sink.Wants("portal.circuit")) await MeasureHeapAsync(sink, (program, person), (peer, anonymous), cancellation);
            if (sink.Wants("portal.click")) await MeasureClicksAsync(sink, (program, person), (peer, anonymous), cancellation);
            if (sink.Wants("portal.crowd")) await CrowdFigures.MeasureAsync(sink, program, person, cancellation);
        }

        if (sink.Wants("portal.start")) await MeasureStartAsync(sink, portal, cancellation);
    }

    private static async Task MeasureHeapAsync(FigureSink sink, (ServedProgram Program, HttpClient Http) portal, (ServedProgram Program, HttpClient Http) peer, CancellationToken cancellation)
    {
        sink.Say("Live heap per circuit");
        FigureSpec[] specs =
        [
            new("portal.circuit.shell", "KB", Better.Lower) { Must = 300, Peer = CounterPage },
            new("portal.circuit.list", "KB", Better.Lower) { Must = 450, Peer = CounterPage },
            new("portal.circuit.dashboard", "KB", Better.Lower) { Must = 500, Peer = CounterPage },
        ];
        await Runs.MeasureAsync(sink, specs, new SizeProbe(), async token =>
        {
            var counter = await CircuitHeap.KilobytesAsync(peer.Program, peer.Http, Pages.Counter, Pages.CounterIsReady, token);
            var shell = await CircuitHeap.KilobytesAsync(portal.Program, portal.Http, Pages.Shell, Pages.ShellIsReady, token);
            var list = await CircuitHeap.KilobytesAsync(portal.Program, portal.Http, Pages.List, Pages.ListIsReady, token);
            var dashboard = await CircuitHeap.KilobytesAsync(portal.Program, portal.Http, Pages.Dashboard, Pages.DashboardIsReady, token);
            return new RunResult([shell, list, dashboard], [counter, counter, counter]);
        }, cancellation);
    }

    private static async Task MeasureClicksAsync(FigureSink sink, (ServedProgram Program, HttpClient Http) portal, (ServedProgram Program, HttpClient Http) peer, CancellationToken cancellation)
    {
        sink.Say($"Clicks: {ClickLoad.Circuits} circuits, {ClickLoad.Rate} clicks/s");
        await using var lists = await CircuitCrowd.OpenAsync(portal.Http, new Uri(portal.Program.Address, Pages.List), ClickLoad.Circuits, Pages.SortClick.IsReady, cancellation);
        await using var counters = await CircuitCrowd.OpenAsync(peer.Http, new Uri(peer.Program.Address, Pages.Counter), ClickLoad.Circuits, Pages.CounterIsReady, cancellation);
        await ClickLoad.RunAsync(lists, Pages.SortClick, cancellation);
        await ClickLoad.RunAsync(counters, Pages.CounterClick, cancellation);
        FigureSpec[] specs =
        [
            new("portal.click.p50", "ms", Better.Lower) { Peer = CounterPage },
            new("portal.click.p95", "ms", Better.Lower) { Must = 15, Peer = CounterPage },
            new("portal.click.p99", "ms", Better.Lower) { Must = 75, Peer = CounterPage },
            new("portal.click.rate", "clicks/s", Better.Higher) { Peer = CounterPage },
            // All that the process computes meanwhile, live updates of the open pages included: says more than times where others share the machine.
            new("portal.click.cpu", "ms/click", Better.Lower) { Peer = CounterPage },
        ];
        await Runs.MeasureAsync(sink, specs, new LoopProbe(), async token =>
        {
            var (before, peerBefore) = (portal.Program.ProcessorTime, peer.Program.ProcessorTime);
            var (times, rate) = await ClickLoad.RunAsync(lists, Pages.SortClick, token);
            var spent = (portal.Program.ProcessorTime - before).TotalMilliseconds / times.Count;
            var (peerTimes, peerRate) = await ClickLoad.RunAsync(counters, Pages.CounterClick, token);
            var peerSpent = (peer.Program.ProcessorTime - peerBefore).TotalMilliseconds / peerTimes.Count;
            return new RunResult(
                [Runs.Percentile(times, 0.5), Runs.Percentile(times, 0.95), Runs.Percentile(times, 0.99), rate, spent],
                [Runs.Percentile(peerTimes, 0.5), Runs.Percentile(peerTimes, 0.95), Runs.Percentile(peerTimes, 0.99), peerRate, peerSpent]);
        }, cancellation);
        await lists.LeaveAsync(cancellation);
        await counters.LeaveAsync(cancellation);
    }

    private static async Task MeasureFirstLoadAsync(FigureSink sink, ServedProgram program, HttpClient person, CancellationToken cancellation)
    {
        sink.Say("First load in Chromium with an empty cache");
        await using var browser = await FirstLoad.StartAsync();
        (string Name, string Path, double Must, string Shown)[] pages =
        [
            ("portal.load.list", Pages.List, 350, "tr[data-row]"),
            ("portal.load.dashboard", Pages.Dashboard, 500, "canvas"),
        ];
        foreach (var (name, path, must, shown) in pages)
        {
            IReadOnlyList<(string Path, double Kilobytes)> parts = [];
            await Runs.MeasureAsync(sink, new FigureSpec(name, "KB", Better.Lower) { Must = must, Peer = "the same, decompressed" }, new SizeProbe(), async _ =>
            {
                var load = await browser.MeasureAsync(new Uri(program.Address, path), person, shown);
                parts = load.Parts;
                return RunResult.Of(load.Wire, load.Decoded);
            }, cancellation);
            foreach (var part in parts.Take(6)) sink.Say($"    {part.Kilobytes,7:0.0} KB {part.Path}");
        }
    }

    private static async Task MeasureStartAsync(FigureSink sink, PortalUnderTest portal, CancellationToken cancellation)
    {
        sink.Say("Start to ready on a current schema");
        await Runs.MeasureAsync(sink, new FigureSpec("portal.start", "ms", Better.Lower) { Must = 1000, Peer = CounterPage + ", no database, not ReadyToRun" }, new LoopProbe(), async token =>
        {
            await using var program = await portal.StartAsync(observed: false, token);
            await using var peer = await StartPeerAsync(observed: false, token);
            return RunResult.Of(program.StartTime.TotalMilliseconds, peer.StartTime.TotalMilliseconds);
        }, cancellation);
    }

    private static Task<ServedProgram> StartPeerAsync(bool observed, CancellationToken cancellation) =>
        ServedProgram.StartAsync(typeof(PortalGroup).Assembly.Location, [CounterApp.Verb], "/ready", observed, cancellation);
}
