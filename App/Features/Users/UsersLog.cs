namespace BlazorAdmin.Features.Users;

internal static partial class UsersLog
{
    [LoggerMessage(Level = LogLevel.Error, Message = "The latest imports of people could not be read ({Reference})")]
    public static partial void ImportsNotRead(ILogger logger, Exception exception, string reference);

    [LoggerMessage(Level = LogLevel.Error, Message = "A command on accounts failed (reference {Reference})")]
    public static partial void CommandFailed(ILogger logger, Exception exception, string reference);
}
