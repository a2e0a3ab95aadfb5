namespace BlazorAdmin.Features.Monitor;

internal static partial class MonitorLog
{
    [LoggerMessage(LogLevel.Warning, "The metrics of {Family} cannot be read; trying on")]
    public static partial void FamilyFailed(this ILogger logger, Exception error, MetricFamily family);

    [LoggerMessage(LogLevel.Information, "The metrics of {Family} are back")]
    public static partial void FamilyRecovered(this ILogger logger, MetricFamily family);

    [LoggerMessage(LogLevel.Information, "Metric catalog version {Version}: {Count} metrics")]
    public static partial void DevicesChanged(this ILogger logger, int version, int count);

    [LoggerMessage(LogLevel.Warning, "More than {Max} metrics: further devices are not measured")]
    public static partial void TooManyDevices(this ILogger logger, int max);

    [LoggerMessage(LogLevel.Error, "A sample failed; the collector goes on")]
    public static partial void SampleFailed(this ILogger logger, Exception error);

    [LoggerMessage(LogLevel.Information, "Collecting every {Milliseconds} ms")]
    public static partial void IntervalChanged(this ILogger logger, int milliseconds);

    [LoggerMessage(LogLevel.Debug, "The collector has stopped")]
    public static partial void CollectorStopped(this ILogger logger);

    [LoggerMessage(LogLevel.Warning, "The portal's own metrics cannot be read; trying on")]
    public static partial void ApplicationFailed(this ILogger logger, Exception error);

    [LoggerMessage(LogLevel.Debug, "Nobody watches the processes any more")]
    public static partial void ProcessesRest(this ILogger logger);

    [LoggerMessage(LogLevel.Error, "The list of processes cannot be read; trying on")]
    public static partial void ProcessesFailed(this ILogger logger, Exception error);

    [LoggerMessage(LogLevel.Error, "A page of the monitor could not be read (reference {Reference})")]
    public static partial void PageFailed(this ILogger logger, Exception error, string reference);

    [LoggerMessage(LogLevel.Warning, "Reopening the live charts of a page failed; the next connection or reload opens them")]
    public static partial void ReopenFailed(this ILogger logger, Exception error);

    [LoggerMessage(LogLevel.Error, "Reading past metrics failed for {Query} (reference {Reference})")]
    public static partial void HistoryFailed(this ILogger logger, Exception error, string query, string reference);

    [LoggerMessage(LogLevel.Information, "Pushing metrics and traces to {Collector}")]
    public static partial void Pushing(this ILogger logger, string collector);

    [LoggerMessage(LogLevel.Warning, "Charts of the past could not be drawn in the browser")]
    public static partial void DrawingFailed(this ILogger logger, Exception error);

    [LoggerMessage(LogLevel.Warning, "Whether somebody may still see live metrics could not be read: their stream ends")]
    public static partial void RightsUnknown(this ILogger logger, Exception error);
}
