namespace BlazorAdmin.Live;

/// <summary>Counts deliveries of all topics, to tell what came first.</summary>
internal static class TopicClock
{
    private static long _now;

    public static long Now => Volatile.Read(ref _now);

    public static long Next() => Interlocked.Increment(ref _now);
}
