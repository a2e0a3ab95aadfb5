namespace BlazorAdmin.Features.Tokens;

internal static partial class TokensLog
{
    [LoggerMessage(Level = LogLevel.Error, Message = "A command on access tokens failed (reference {Reference})")]
    public static partial void CommandFailed(ILogger logger, Exception exception, string reference);
}
