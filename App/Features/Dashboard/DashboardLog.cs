namespace BlazorAdmin.Features.Dashboard;

internal static partial class DashboardLog
{
    [LoggerMessage(LogLevel.Error, "The dashboard widget {Widget} failed (reference {Reference})")]
    public static partial void WidgetFailed(this ILogger logger, Exception error, string widget, string reference);
}
