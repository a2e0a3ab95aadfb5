namespace BlazorAdmin.Features.Monitor;

/// <summary>Hands each sample to everybody who watches. With nobody watching a sample costs one field read.</summary>
public sealed class TickBroadcaster(SampleRing ring)
{
    private readonly Lock _gate = new();
    private TickStream[] _streams = [];
    private MetricCatalog _catalog = MetricCatalog.Empty;
    private long _dropped;

    /// <summary>Raised on the sampler's loop after devices have changed. Handlers must return at once.</summary>
    public event Action? CatalogChanged;

    public SampleRing Ring { get; } = ring;

    public MetricCatalog Catalog => Volatile.Read(ref _catalog);

    /// <summary>Open streams.</summary>
    public int Viewers => Volatile.Read(ref _streams).Length;

    /// <summary>Samples that slow viewers have lost since the start.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Opens a stream that begins with what the ring has after <paramref name="since"/>.</summary>
    /// <param name="since">Sequence number of the last sample that the viewer has; 0 for all there is.</param>
    public TickStream Open(long since)
    {
        var stream = new TickStream(this, since);
        lock (_gate) _streams = [.. _streams, stream];
        return stream;
    }

    /// <summary>The sequence number to open with so that the replay begins that many seconds ago.</summary>
    public long Since(TimeSpan age, DateTimeOffset now)
    {
        Span<double> time = stackalloc double[1];
        var start = (now - age).ToUnixTimeMilliseconds();
        long low = Ring.Oldest, high = Ring.Last + 1;
        while (low < high)
        {
            var middle = low + (high - low) / 2;
            var (first, count) = Ring.Read(middle, 0, time, []);
            if (count == 0 || (time[0] >= start && first == middle)) high = middle;
            else low = Math.Max(middle, first) + 1;
        }
        return low - 1;
    }

    /// <summary>Takes a sample that is in the ring already. The sampler's loop calls this.</summary>
    internal void Publish(MetricCatalog catalog, long sequence, double unixMilliseconds, ReadOnlySpan<float> values)
    {
        var changed = catalog != _catalog;
        Volatile.Write(ref _catalog, catalog);
        var streams = Volatile.Read(ref _streams);
        if (streams.Length > 0)
        {
            var payload = TickPayload.Create(catalog.Version, sequence, unixMilliseconds, values);
            foreach (var stream in streams) stream.Offer(payload);
        }
        if (changed) CatalogChanged?.Invoke();
    }

    internal void Remove(TickStream stream)
    {
        lock (_gate) _streams = Array.FindAll(_streams, other => other != stream);
    }

    internal void CountDrop() => Interlocked.Increment(ref _dropped);
}
