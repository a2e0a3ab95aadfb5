namespace BlazorAdmin.Data;

internal static partial class DataLog
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Bringing the database up to date: {Count} migrations")]
    public static partial void Migrating(ILogger logger, int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Problem}. Trying again every 2 seconds")]
    public static partial void Unreachable(ILogger logger, string problem);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Database} is reachable and ready")]
    public static partial void Reachable(ILogger logger, string database);

    [LoggerMessage(Level = LogLevel.Error, Message = "What should follow a commit failed; the commit stands")]
    public static partial void AfterCommitFailed(ILogger logger, Exception exception);
}
