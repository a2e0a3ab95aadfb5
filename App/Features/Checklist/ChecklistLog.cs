namespace BlazorAdmin.Features.Checklist;

internal static partial class ChecklistLog
{
    [LoggerMessage(Level = LogLevel.Error, Message = "The point {Item} of the checklist could not be measured (reference {Reference})")]
    public static partial void MeasureFailed(ILogger logger, Exception exception, string item, string reference);

    [LoggerMessage(Level = LogLevel.Error, Message = "The checklist could not be read")]
    public static partial void WatchFailed(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "A command on the checklist failed (reference {Reference})")]
    public static partial void CommandFailed(ILogger logger, Exception exception, string reference);
}
