namespace BlazorAdmin.Features.Audit;

internal static partial class AuditTimelineLog
{
    [LoggerMessage(Level = LogLevel.Error, Message = "Somebody's activity could not be read ({Reference})")]
    public static partial void ReadFailed(ILogger logger, Exception exception, string reference);
}
