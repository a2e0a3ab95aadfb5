namespace BlazorAdmin.Features.Drafts;

internal static partial class DraftsLog
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "The draft of {Form} cannot be read; it was sealed under another root key or by another version of the portal")]
    public static partial void Unreadable(ILogger logger, Exception exception, string form);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} drafts older than 30 days were removed")]
    public static partial void CleanedUp(ILogger logger, int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Old drafts could not be removed; trying again in an hour")]
    public static partial void CleanUpFailed(ILogger logger, Exception exception);
}
