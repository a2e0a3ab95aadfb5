namespace BlazorAdmin.Features.Documents.Extraction;

internal static partial class ExtractionLog
{
    [LoggerMessage(1, LogLevel.Error, "A command on extraction failed ({Reference})")]
    public static partial void CommandFailed(ILogger log, Exception exception, string reference);
}
