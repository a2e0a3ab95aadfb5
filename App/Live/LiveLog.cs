namespace BlazorAdmin.Live;

internal static partial class LiveLog
{
    [LoggerMessage(Level = LogLevel.Error, Message = "A live view could not refresh")]
    public static partial void RefreshFailed(ILogger logger, Exception exception);
}
