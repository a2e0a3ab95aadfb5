namespace BlazorAdmin.Features.Monitor;

/// <summary>What a number of a metric means; decides unit, scale and format of whatever shows it. Stored by name.</summary>
public enum MetricKind
{
    /// <summary>0 to 100.</summary>
    Percent,
    Bytes,
    BytesPerSecond,
    /// <summary>Mean number of runnable tasks.</summary>
    Load,
    Microseconds,
    Hertz,
    /// <summary>Degrees Celsius.</summary>
    Celsius,
    /// <summary>How many there are now.</summary>
    Count,
    /// <summary>Events per second.</summary>
    PerSecond,
    /// <summary>CPU seconds per second: 1 is one core fully busy.</summary>
    Cores,
}
