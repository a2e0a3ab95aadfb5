namespace BlazorAdmin.Live;

internal static partial class LiveLog
{
    [LoggerMessage(Level = LogLevel.Error, Message = "A live view could not refresh")]
    public static partial void RefreshFailed(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "A subscriber of topic {Topic} failed")]
    public static partial void HandlerFailed(ILogger logger, Exception exception, string topic);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The link to the other processes is down; trying again")]
    public static partial void Disconnected(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Messages to the other processes could not be sent; trying again")]
    public static partial void SendingFailed(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "A message of topic {Topic} has {Bytes} bytes, more than the {Limit} that reach other processes; it was dropped")]
    public static partial void MessageTooLong(ILogger logger, string topic, int bytes, int limit);

    [LoggerMessage(Level = LogLevel.Error, Message = "A message of topic {Topic} cannot be written as JSON; other processes do not get it")]
    public static partial void MessageNotSerialisable(ILogger logger, Exception exception, string topic);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A message of topic {Topic} from another process cannot be read")]
    public static partial void MessageNotReadable(ILogger logger, Exception exception, string topic);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Something that is no message of a portal came in from the other processes")]
    public static partial void UnreadableMessage(ILogger logger);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The browser does not tell whether its tab is in front")]
    public static partial void VisibilityUnknown(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Who is connected could not be stored; trying again")]
    public static partial void PresenceFailed(ILogger logger, Exception exception);
}
