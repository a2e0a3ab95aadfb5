using BlazorAdmin.Features.Documents.Reading;

namespace BlazorAdmin.Features.Documents;

internal static partial class DocumentsLog
{
    [LoggerMessage(1, LogLevel.Warning, "Ended {Count} external processes that a crash had left")]
    public static partial void LeftoversEnded(ILogger log, int count);

    [LoggerMessage(2, LogLevel.Information, "Removed {Count} working folders that a crash had left")]
    public static partial void FoldersRemoved(ILogger log, int count);

    [LoggerMessage(3, LogLevel.Information, "External tools run at isolation {Level}, limits {Limits}")]
    public static partial void ToolsReady(ILogger log, IsolationLevel level, bool limits);

    [LoggerMessage(4, LogLevel.Information, "Removed {Count} unfinished uploads")]
    public static partial void UploadsRemoved(ILogger log, int count);

    [LoggerMessage(5, LogLevel.Warning, "The content {Sha256} of a document is missing in the store")]
    public static partial void ContentMissing(ILogger log, string sha256);

    [LoggerMessage(6, LogLevel.Error, "Following the jobs of documents failed")]
    public static partial void FollowFailed(ILogger log, Exception exception);

    [LoggerMessage(7, LogLevel.Error, "Preparing the external tools failed")]
    public static partial void PrepareFailed(ILogger log, Exception exception);

    [LoggerMessage(8, LogLevel.Information, "{Count} documents whose job had ended without them were closed")]
    public static partial void DocumentsClosed(ILogger log, int count);

    [LoggerMessage(9, LogLevel.Warning, "A page image could not be kept on disk")]
    public static partial void PageImageNotKept(ILogger log, Exception exception);

    [LoggerMessage(10, LogLevel.Debug, "Page image: {Line}")]
    public static partial void PageImageDrawn(ILogger log, string line);

    [LoggerMessage(11, LogLevel.Information, "Removed the page images of {Count} files that no document has")]
    public static partial void PageImagesRemoved(ILogger log, int count);

    [LoggerMessage(12, LogLevel.Error, "Looking for page images that no document has failed")]
    public static partial void PageImagesLookFailed(ILogger log, Exception exception);

    [LoggerMessage(13, LogLevel.Warning, "The file {Sha256} of the store, which nothing has, could not be removed")]
    public static partial void SweepFailed(ILogger log, Exception exception, string sha256);

    [LoggerMessage(14, LogLevel.Error, "A command on documents failed ({Reference}).")]
    public static partial void CommandFailed(ILogger log, Exception exception, string reference);
}
