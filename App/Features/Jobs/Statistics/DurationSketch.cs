using System.Buffers.Binary;

namespace BlazorAdmin.Features.Jobs.Statistics;

/// <summary>
/// Distribution of durations that merges without loss: counts in buckets whose bounds grow by the same factor, so that every
/// quantile is within 5 % of the true one (C. Masson, J. Rim, H. Lee, "DDSketch", VLDB 2019). From 10 µs to 30 days.
/// </summary>
public sealed class DurationSketch
{
    private const double Accuracy = 0.05;
    private const double Shortest = 1e-5;
    private const double Longest = 30 * 86_400;
    private static readonly double Gamma = (1 + Accuracy) / (1 - Accuracy);
    private static readonly double LogGamma = Math.Log(Gamma);

    private readonly SortedDictionary<short, int> _counts = [];

    public long Count { get; private set; }

    public void Add(double seconds)
    {
        var bucket = (short)Math.Ceiling(Math.Log(Math.Clamp(seconds, Shortest, Longest) / Shortest) / LogGamma);
        _counts[bucket] = _counts.GetValueOrDefault(bucket) + 1;
        Count++;
    }

    public void Merge(DurationSketch other)
    {
        foreach (var (bucket, count) in other._counts) _counts[bucket] = _counts.GetValueOrDefault(bucket) + count;
        Count += other.Count;
    }

    /// <param name="share">0 to 1; 0.5 for the median.</param>
    /// <returns>Null if nothing was added.</returns>
    public TimeSpan? Quantile(double share)
    {
        if (Count == 0) return null;
        var rank = Math.Clamp(share, 0, 1) * (Count - 1);
        var seen = 0L;
        foreach (var (bucket, count) in _counts)
        {
            seen += count;
            if (seen > rank) return TimeSpan.FromSeconds(2 * Shortest * Math.Pow(Gamma, bucket) / (Gamma + 1));
        }

        return null;
    }

    /// <summary>Six bytes a bucket that is not empty.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[_counts.Count * 6];
        var at = 0;
        foreach (var (bucket, count) in _counts)
        {
            BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(at), bucket);
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(at + 2), count);
            at += 6;
        }

        return bytes;
    }

    public static DurationSketch FromBytes(ReadOnlySpan<byte> bytes)
    {
        var sketch = new DurationSketch();
        for (var at = 0; at + 6 <= bytes.Length; at += 6)
        {
            var count = BinaryPrimitives.ReadInt32LittleEndian(bytes[(at + 2)..]);
            sketch._counts[BinaryPrimitives.ReadInt16LittleEndian(bytes[at..])] = count;
            sketch.Count += count;
        }

        return sketch;
    }
}
