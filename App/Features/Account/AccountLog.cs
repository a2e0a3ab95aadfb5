namespace BlazorAdmin.Features.Account;

internal static partial class AccountLog
{
    [LoggerMessage(Level = LogLevel.Error, Message = "The set-up code could not be issued; start the portal again")]
    public static partial void AnnouncementFailed(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Sign-in from {Address} is locked after too many wrong passwords")]
    public static partial void Locked(ILogger logger, string address);

    [LoggerMessage(Level = LogLevel.Error, Message = "The authenticator seed of {UserId} cannot be read; remove the second factor on the Users tab")]
    public static partial void SeedUnreadable(ILogger logger, Guid userId, Exception exception);
}
