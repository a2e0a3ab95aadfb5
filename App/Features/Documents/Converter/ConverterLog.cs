namespace BlazorAdmin.Features.Documents.Converter;

internal static partial class ConverterLog
{
    [LoggerMessage(1, LogLevel.Error, "A run of the converter page failed")]
    public static partial void RunFailed(ILogger log, Exception exception);

    [LoggerMessage(2, LogLevel.Error, "Removing old runs of the converter page failed")]
    public static partial void CleanUpFailed(ILogger log, Exception exception);

    [LoggerMessage(3, LogLevel.Error, "The converter page could not be read, reference {Reference}")]
    public static partial void ShowFailed(ILogger log, Exception exception, string reference);
}
