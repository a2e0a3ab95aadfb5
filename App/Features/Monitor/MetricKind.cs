namespace BlazorAdmin.Features.Monitor;

/// <summary>What a number of a metric means; decides unit, scale and format of whatever shows it.</summary>
public enum MetricKind
{
    /// <summary>0 to 100.</summary>
    Percent,
    Bytes,
    BytesPerSecond,
    /// <summary>Mean number of runnable tasks.</summary>
    Load,
    Microseconds,
}
