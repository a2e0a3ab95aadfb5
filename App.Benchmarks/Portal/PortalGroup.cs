using System.Diagnostics;
using BlazorAdmin.Benchmarks.Circuits;
using BlazorAdmin.Benchmarks.Figures;
using BlazorAdmin.Benchmarks.Hosting;
using BlazorAdmin.Benchmarks.Peer;

namespace BlazorAdmin.Benchmarks.Portal;

/// <summary>What the portal costs and how fast it answers.</summary>
public sealed class PortalGroup : IFigureGroup
{
    public string Name => "portal";

    public async Task RunAsync(FigureSink sink, CancellationToken cancellation)
    {
        await using var program = await ServedProgram.StartAsync(typeof(PortalGroup).Assembly.Location, [CounterApp.Verb], "/ready", observed: true, cancellation);
        sink.Say($"start {program.StartTime.TotalMilliseconds:0} ms, {await program.LiveHeapAsync(cancellation)}");
        using var http = new HttpClient();
        await using var client = await CircuitClient.OpenAsync(http, new Uri(program.Address, "/counter"), keepsDocument: true, cancellation);
        await client.WaitForAsync(d => d.Find("onclick", n => n.Name == "button") is not null, TimeSpan.FromSeconds(10), cancellation);
        sink.Say(client.Document!.InnerText());
        var button = client.Document.Find("onclick", n => n.Name == "button")!;
        for (var i = 0; i < 10; i++)
        {
            var time = await client.ClickAsync(button, null, TimeSpan.FromSeconds(5), cancellation);
            sink.Say($"{time.TotalMilliseconds:0.000} {client.Document!.InnerText()}");
        }
        await client.LeaveAsync(http, cancellation);
    }
}
