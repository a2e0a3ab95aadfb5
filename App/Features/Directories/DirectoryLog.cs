namespace BlazorAdmin.Features.Directories;

internal static partial class DirectoryLog
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "The directory would take the last administrator ({UserId}) away; the account stays as it is. Make another administrator first")]
    public static partial void LastAdministrator(ILogger logger, Guid userId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The new address of {UserId} in the directory belongs to another account; the old one stays")]
    public static partial void MailTaken(ILogger logger, Guid userId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The directory did not answer a sign-in: {Why}")]
    public static partial void Unavailable(ILogger logger, string why);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A sign-in vouched for by {Source} was refused: {Why}")]
    public static partial void Refused(ILogger logger, string source, string why);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The directory did not do what a command of its page asked for: {Why}")]
    public static partial void CommandRefused(ILogger logger, string why);

    [LoggerMessage(Level = LogLevel.Error, Message = "The Directory page could not be read ({Reference})")]
    public static partial void ReadFailed(ILogger logger, Exception exception, string reference);

    [LoggerMessage(Level = LogLevel.Error, Message = "A command of the Directory page failed ({Reference})")]
    public static partial void CommandFailed(ILogger logger, Exception exception, string reference);
}
