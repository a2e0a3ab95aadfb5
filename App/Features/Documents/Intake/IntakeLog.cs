namespace BlazorAdmin.Features.Documents.Intake;

internal static partial class IntakeLog
{
    [LoggerMessage(1, LogLevel.Information, "Removed {Count} uploads that nobody went on with")]
    public static partial void UploadsRemoved(ILogger log, int count);

    [LoggerMessage(2, LogLevel.Error, "Removing old uploads failed")]
    public static partial void CleanUpFailed(ILogger log, Exception exception);

    [LoggerMessage(3, LogLevel.Error, "Looking at the watched folders failed")]
    public static partial void WatchFailed(ILogger log, Exception exception);

    [LoggerMessage(4, LogLevel.Error, "Taking {Path} from the watched folder {Folder} failed")]
    public static partial void TakeFailed(ILogger log, Exception exception, string folder, string path);

    [LoggerMessage(5, LogLevel.Information, "Took {Count} files from the watched folder {Folder}")]
    public static partial void Taken(ILogger log, string folder, int count);

    [LoggerMessage(6, LogLevel.Warning, "The watched folder {Folder} cannot be looked at: {Fault}")]
    public static partial void FolderFaulty(ILogger log, string folder, WatchFault fault);

    [LoggerMessage(7, LogLevel.Error, "The page of watched folders could not be read, reference {Reference}")]
    public static partial void ShowFailed(ILogger log, Exception exception, string reference);

    [LoggerMessage(8, LogLevel.Warning, "{Path} of the watched folder {Folder} was left for the next look: another node looks too, or the database takes the names of two files for the same")]
    public static partial void MarkedElsewhere(ILogger log, string path, string folder);

    [LoggerMessage(9, LogLevel.Information, "Removed the marks of {Count} watched files that are gone with their documents")]
    public static partial void MarksRemoved(ILogger log, int count);
}
