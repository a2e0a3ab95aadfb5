namespace BlazorAdmin.Benchmarks.Figures;

/// <summary>
/// For sizes, which a busy machine does not change: what the heap's own count says of a known amount, in KB. A figure is
/// void if even that is read wrongly.
/// </summary>
public sealed class SizeProbe : IProbe
{
    private const int Pieces = 1024;

    public string Name => "known KB";

    public double Reference => 10 * Pieces;

    public Task<double> ReadAsync(CancellationToken cancellation)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var held = new byte[Pieces][];
        for (var piece = 0; piece < held.Length; piece++) held[piece] = new byte[10 * 1024];
        var after = GC.GetTotalMemory(forceFullCollection: true);
        GC.KeepAlive(held);
        return Task.FromResult((after - before) / 1024.0);
    }
}
