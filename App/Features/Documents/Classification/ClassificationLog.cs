namespace BlazorAdmin.Features.Documents.Classification;

internal static partial class ClassificationLog
{
    [LoggerMessage(LogLevel.Warning, "A suggestion could not be explained: {Line}")]
    public static partial void Explained(ILogger logger, string line);

    [LoggerMessage(LogLevel.Error, "A command on document types or models failed ({Reference}).")]
    public static partial void CommandFailed(ILogger logger, Exception exception, string reference);
}
