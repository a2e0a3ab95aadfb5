namespace BlazorAdmin.Features.Settings;

internal static partial class SettingsLog
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Settings are not applied ({Source}): {Problem}. The last good values stay in force")]
    public static partial void Problem(ILogger logger, string source, string problem);

    [LoggerMessage(Level = LogLevel.Information, Message = "Settings are good again ({Source})")]
    public static partial void Resolved(ILogger logger, string source);

    [LoggerMessage(Level = LogLevel.Information, Message = "Applied the {Count} settings that were set in the portal")]
    public static partial void Applied(ILogger logger, int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The settings in the database could not be read; trying again")]
    public static partial void ReadFailed(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "A command on settings failed (reference {Reference})")]
    public static partial void CommandFailed(ILogger logger, Exception exception, string reference);

    [LoggerMessage(Level = LogLevel.Error, Message = "The settings could not be shown (reference {Reference})")]
    public static partial void ShowFailed(ILogger logger, Exception exception, string reference);
}
