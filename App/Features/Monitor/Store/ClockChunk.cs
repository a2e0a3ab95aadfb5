namespace BlazorAdmin.Features.Monitor.Store;

/// <summary>
/// The times of a node's samples in one minute, to the millisecond: stored once, as a series of their own, for all metrics of
/// the node. The n-th number of every raw chunk of that node and minute was taken at the n-th time.
/// </summary>
internal static class ClockChunk
{
    /// <summary>Key of the series that holds the times; not a metric and not shown.</summary>
    public const string Key = "@clock";

    private const int Most = 1 << 20;

    /// <param name="times">Unix milliseconds.</param>
    /// <param name="start">Of the minute.</param>
    public static byte[] Pack(ReadOnlySpan<long> times, long start)
    {
        using var content = new MemoryStream();
        content.WriteNumber((ulong)times.Length);
        var (before, step) = (start, 0L);
        foreach (var time in times)
        {
            // A steady interval leaves only its jitter.
            content.WriteSigned(time - before - step);
            (step, before) = (time - before, time);
        }
        return ChunkBytes.Pack(content.GetBuffer().AsSpan(0, (int)content.Length));
    }

    /// <exception cref="InvalidDataException">The chunk is damaged.</exception>
    public static long[] Unpack(ReadOnlySpan<byte> data, long start)
    {
        ReadOnlySpan<byte> content = ChunkBytes.Unpack(data);
        var times = new long[ChunkBytes.ReadCount(ref content, Most)];
        var (before, step) = (start, 0L);
        for (var i = 0; i < times.Length; i++)
        {
            step += ChunkBytes.ReadSigned(ref content);
            before = times[i] = before + step;
        }
        return times;
    }
}
