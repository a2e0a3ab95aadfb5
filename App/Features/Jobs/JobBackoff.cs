namespace BlazorAdmin.Features.Jobs;

/// <summary>Exponential backoff with full jitter (M. Brooker, "Exponential Backoff And Jitter", AWS 2015): even load after an outage.</summary>
public static class JobBackoff
{
    /// <summary>Upper bound of the wait after the <paramref name="failures"/>-th failure in a row (1 for the first).</summary>
    public static TimeSpan Ceiling(int failures, TimeSpan first, TimeSpan longest)
    {
        var factor = Math.Pow(2, Math.Clamp(failures - 1, 0, 40));
        return TimeSpan.FromTicks((long)Math.Min(longest.Ticks, first.Ticks * factor));
    }

    /// <summary>The wait: anything from 0 to <see cref="Ceiling"/>.</summary>
    /// <param name="random">Uniform in [0, 1).</param>
    public static TimeSpan Delay(int failures, TimeSpan first, TimeSpan longest, double random) =>
        Ceiling(failures, first, longest) * random;
}
