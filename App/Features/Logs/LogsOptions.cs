using System.ComponentModel.DataAnnotations;

namespace BlazorAdmin.Features.Logs;

/// <summary>Section <c>Logs</c>: what the portal keeps of its log and traces, and for how long.</summary>
public sealed class LogsOptions
{
    public const string Section = "Logs";

    /// <summary>Least level of the portal's own lines that is kept.</summary>
    public LogLevel Level { get; set; } = LogLevel.Information;

    /// <summary>Least level of everybody else's lines (the framework, the drivers) that is kept.</summary>
    public LogLevel FrameworkLevel { get; set; } = LogLevel.Warning;

    /// <summary>Days after which lines are deleted.</summary>
    [Range(1, 3650)]
    public int RetentionDays { get; set; } = 14;

    /// <summary>Most lines that are kept; the oldest go first.</summary>
    [Range(1_000, 100_000_000)]
    public long MostRows { get; set; } = 1_000_000;

    /// <summary>Share of requests whose traces are kept, from 0 to 1. Jobs and failed or slow requests are kept anyway.</summary>
    [Range(0.0, 1.0)]
    public double TraceShare { get; set; } = 0.01;

    /// <summary>A request that takes longer is slow, in milliseconds.</summary>
    [Range(1, 600_000)]
    public int SlowMilliseconds { get; set; } = 1_000;

    /// <summary>Days after which traces are deleted.</summary>
    [Range(1, 365)]
    public int TraceRetentionDays { get; set; } = 3;

    /// <summary>Most steps of traces that are kept a second; whole traces beyond it are dropped and counted.</summary>
    [Range(1, 100_000)]
    public int MostSpansPerSecond { get; set; } = 200;
}
