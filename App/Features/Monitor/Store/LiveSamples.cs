using System.Buffers;

namespace BlazorAdmin.Features.Monitor.Store;

/// <summary>Samples of this node that are not in the database yet, out of the ring.</summary>
internal sealed class LiveSamples(TickBroadcaster broadcaster, TimeProvider time)
{
    private const int RowsAtOnce = 256;

    public MetricCatalog Catalog => broadcaster.Catalog;

    /// <param name="from">Unix milliseconds.</param>
    /// <param name="sample">Told of the position in <paramref name="keys"/>, the time and the number, NaN included.</param>
    public void Read(long from, long to, IReadOnlyList<string> keys, Action<int, long, float> sample)
    {
        var catalog = broadcaster.Catalog;
        var columns = keys.Select(key => catalog.Find(key)?.Index ?? -1).ToArray();
        if (!Array.Exists(columns, column => column >= 0)) return;
        var now = time.GetUtcNow();
        var next = broadcaster.Since(now - MetricLevels.At(Math.Max(0, from)), now) + 1;
        var times = ArrayPool<double>.Shared.Rent(RowsAtOnce);
        var values = ArrayPool<float>.Shared.Rent(RowsAtOnce * catalog.Width);
        try
        {
            while (true)
            {
                var (first, count) = broadcaster.Ring.Read(next, catalog.Width, times.AsSpan(0, RowsAtOnce), values.AsSpan(0, RowsAtOnce * catalog.Width));
                if (count == 0) return;
                for (var row = 0; row < count; row++)
                {
                    var at = (long)Math.Round(times[row]);
                    if (at < from || at >= to) continue;
                    for (var i = 0; i < columns.Length; i++)
                        if (columns[i] >= 0) sample(i, at, values[row * catalog.Width + columns[i]]);
                }
                next = first + count;
            }
        }
        finally
        {
            ArrayPool<double>.Shared.Return(times);
            ArrayPool<float>.Shared.Return(values);
        }
    }
}
