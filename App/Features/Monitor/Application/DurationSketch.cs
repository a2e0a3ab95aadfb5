namespace BlazorAdmin.Features.Monitor.Application;

/// <summary>
/// Durations of the last ten seconds in buckets that grow by two percent, so that every quantile is within one percent of
/// the truth (DDSketch: Masson, Rim, Lee, VLDB 2019) from a microsecond to a quarter of an hour. Recording takes one
/// logarithm and one increment, from any thread; memory is fixed.
/// </summary>
internal sealed class DurationSketch
{
    private const double Accuracy = 0.01;
    private const double Shortest = 1e-6;
    private const int Buckets = 1040;
    private const int Spans = 10;

    private static readonly double Growth = (1 + Accuracy) / (1 - Accuracy);
    private static readonly double PerLog = 1 / Math.Log(Growth);

    private readonly int[] _open = new int[Buckets];
    private readonly int[][] _spans = [.. Enumerable.Range(0, Spans).Select(_ => new int[Buckets])];
    private readonly int[] _sum = new int[Buckets];
    private int _at;
    private long _count;

    /// <summary>Durations in the window.</summary>
    public long Count => _count;

    public void Record(double seconds) => Interlocked.Increment(ref _open[Bucket(seconds)]);

    /// <summary>Ends a span: what was recorded since the last call enters the window, and the oldest span leaves it. One thread calls this.</summary>
    /// <returns>How many were recorded.</returns>
    public long Turn()
    {
        _at = (_at + 1) % Spans;
        var span = _spans[_at];
        long recorded = 0;
        for (var i = 0; i < Buckets; i++)
        {
            var added = Volatile.Read(ref _open[i]) == 0 ? 0 : Interlocked.Exchange(ref _open[i], 0);
            _sum[i] += added - span[i];
            _count += added - span[i];
            span[i] = added;
            recorded += added;
        }
        return recorded;
    }

    /// <param name="share">0 to 1.</param>
    /// <returns>Seconds that this share of the window's durations stays within; NaN while there are none.</returns>
    public double Quantile(double share)
    {
        if (_count == 0) return double.NaN;
        var rank = Math.Max(1, (long)Math.Ceiling(share * _count));
        for (var i = 0; i < Buckets; i++)
            if ((rank -= _sum[i]) <= 0) return i == 0 ? Shortest : Shortest * Math.Pow(Growth, i) * 2 / (1 + Growth);
        return double.NaN;
    }

    private static int Bucket(double seconds) =>
        seconds > Shortest ? Math.Min(Buckets - 1, (int)Math.Ceiling(Math.Log(seconds / Shortest) * PerLog)) : 0;
}
