namespace BlazorAdmin.Features.Logs;

internal static partial class LogsLog
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "The log cannot be written to the database; at most {Most} lines wait in memory")]
    public static partial void WriteFailed(ILogger logger, Exception exception, int most);

    [LoggerMessage(Level = LogLevel.Information, Message = "The log is written to the database again; {Dropped} lines were lost since the start")]
    public static partial void WriteRecovered(ILogger logger, long dropped);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Count} lines of the log were refused by the database and are lost")]
    public static partial void Refused(ILogger logger, Exception exception, int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Lines} lines of the log and {Spans} steps of traces could not be written before the stop and are lost")]
    public static partial void LostAtStop(ILogger logger, Exception? exception, int lines, int spans);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Lines} old lines of the log and {Spans} steps of traces were deleted")]
    public static partial void CleanedUp(ILogger logger, int lines, int spans);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Old lines of the log could not be deleted; trying again in an hour")]
    public static partial void CleanUpFailed(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The parts of the portal that wrote lately could not be read; the filter offers none")]
    public static partial void SlicesFailed(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "The log did not load (reference {Reference})")]
    public static partial void LoadFailed(ILogger logger, Exception exception, string reference);
}
