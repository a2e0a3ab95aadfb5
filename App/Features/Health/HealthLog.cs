using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace BlazorAdmin.Features.Health;

internal static partial class HealthLog
{
    [LoggerMessage(Level = LogLevel.Debug, Message = "The check of {Component} did not answer within {Seconds:0} s")]
    public static partial void Hangs(ILogger logger, string component, double seconds);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The check of {Component} failed")]
    public static partial void Failed(ILogger logger, Exception exception, string component);

    [LoggerMessage(Message = "The component {Component} is {State}: {Description}")]
    public static partial void Changed(ILogger logger, LogLevel level, string component, HealthStatus state, string? description);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The checks of components could not be run; trying again")]
    public static partial void RunFailed(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "The state of the components could not be shown (reference {Reference})")]
    public static partial void ShowFailed(ILogger logger, Exception exception, string reference);
}
