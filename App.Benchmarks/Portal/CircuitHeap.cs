using BlazorAdmin.Benchmarks.Circuits;
using BlazorAdmin.Benchmarks.Figures;
using BlazorAdmin.Benchmarks.Hosting;

namespace BlazorAdmin.Benchmarks.Portal;

/// <summary>Live heap that a circuit costs the server, page by page.</summary>
internal static class CircuitHeap
{
    private const int Warm = 20;
    private const int Circuits = 100;
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(1);

    /// <summary>The heap of one more circuit on a page.</summary>
    /// <param name="ready">When the page shows what it is for.</param>
    public static async Task<double> KilobytesAsync(ServedProgram program, HttpClient http, string path, Func<PageDocument, bool> ready, CancellationToken cancellation)
    {
        var page = new Uri(program.Address, path);
        // What the page makes once for all (compiled queries, caches, pools) is not a circuit's.
        await using var warm = await CircuitCrowd.OpenAsync(http, page, Warm, ready, cancellation);
        await SettleAsync(cancellation);
        var before = await program.LiveHeapAsync(cancellation);
        await using var crowd = await CircuitCrowd.OpenAsync(http, page, Circuits, ready, cancellation);
        await SettleAsync(cancellation);
        var after = await program.LiveHeapAsync(cancellation);
        await crowd.LeaveAsync(cancellation);
        await warm.LeaveAsync(cancellation);
        return (after - before) / 1024.0 / Circuits;
    }

    // Pages with live figures never fall silent, so the wait is for time, not for silence.
    private static Task SettleAsync(CancellationToken cancellation) => Task.Delay(Quiet, cancellation);
}
