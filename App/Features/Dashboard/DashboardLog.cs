namespace BlazorAdmin.Features.Dashboard;

internal static partial class DashboardLog
{
    [LoggerMessage(LogLevel.Error, "The dashboard widget {Widget} failed (reference {Reference})")]
    public static partial void WidgetFailed(this ILogger logger, Exception error, string widget, string reference);

    [LoggerMessage(LogLevel.Warning, "The layout of dashboard {Board} cannot be read, the default is shown instead: {Reason}")]
    public static partial void LayoutUnreadable(this ILogger logger, Guid board, string reason);

    [LoggerMessage(LogLevel.Error, "A change of a dashboard failed (reference {Reference})")]
    public static partial void ChangeFailed(this ILogger logger, Exception error, string reference);
}
