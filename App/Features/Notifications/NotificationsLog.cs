namespace BlazorAdmin.Features.Notifications;

internal static partial class NotificationsLog
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Deleted {Count} notifications whose time is over")]
    public static partial void CleanedUp(ILogger logger, int count);

    [LoggerMessage(Level = LogLevel.Error, Message = "Old notifications could not be deleted; trying again in an hour")]
    public static partial void CleanUpFailed(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "Notifications could not be mailed; trying again in half a minute")]
    public static partial void MailFailed(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "Notifications could not be read")]
    public static partial void ReadFailed(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "A message could not be sent")]
    public static partial void SendFailed(ILogger logger, Exception exception);
}
