namespace BlazorAdmin.Security;

internal static partial class SecurityLog
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "A circuit was refused: origin {Origin}, address {Address}")]
    public static partial void ForeignOrigin(ILogger logger, string origin, string? address);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Content security policy: {Page} violated {Directive} with {Blocked}")]
    public static partial void CspReport(ILogger logger, string page, string directive, string blocked);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed (reference {Reference})")]
    public static partial void RequestFailed(ILogger logger, Exception exception, string method, string path, string reference);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The rights of open circuits could not be read; trying again")]
    public static partial void RecheckFailed(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A page of person {Person} was refused: {Most} are open (Security:CircuitsPerPerson)")]
    public static partial void TooManyCircuits(ILogger logger, string person, int most);

    [LoggerMessage(Level = LogLevel.Information, Message = "A circuit was ended: {Reason}")]
    public static partial void CircuitEnded(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Cleaning up old sign-ins failed; trying again in an hour")]
    public static partial void CleaningFailed(ILogger logger, Exception exception);
}
