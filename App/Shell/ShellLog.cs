namespace BlazorAdmin.Shell;

internal static partial class ShellLog
{
    [LoggerMessage(Level = LogLevel.Error, Message = "The list {List} did not load for {Query} (reference {Reference})")]
    public static partial void ListFailed(ILogger logger, Exception exception, string list, string query, string reference);

    [LoggerMessage(Level = LogLevel.Error, Message = "The page {Page} failed (reference {Reference})")]
    public static partial void PageFailed(ILogger logger, Exception exception, string page, string reference);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The search of {Provider} failed")]
    public static partial void SearchFailed(ILogger logger, Exception exception, string provider);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The export {Route} was broken off after {Limit} rows; its last line says so")]
    public static partial void ExportTooLong(ILogger logger, string route, int limit);
}
