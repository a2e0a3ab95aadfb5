namespace BlazorAdmin.Features.Jobs.Signals;

internal static partial class SignalsLog
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Signal {Kind} of {Subject} is raised ({Value})")]
    public static partial void Raised(ILogger logger, SignalKind kind, string subject, double value);

    [LoggerMessage(Level = LogLevel.Information, Message = "Signal {Kind} of {Subject} is over")]
    public static partial void Cleared(ILogger logger, SignalKind kind, string subject);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Conditions of kind {Kind} could not be read; what held goes on holding")]
    public static partial void SourceFailed(ILogger logger, Exception exception, SignalKind kind);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The look for signals failed; it is tried again")]
    public static partial void LookFailed(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Open transactions cannot be watched: the database login may not see them")]
    public static partial void HeldTransactionsUnknown(ILogger logger, Exception exception);
}
