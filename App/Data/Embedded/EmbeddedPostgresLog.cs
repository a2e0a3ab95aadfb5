namespace BlazorAdmin.Data.Embedded;

internal static partial class EmbeddedPostgresLog
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Creating the embedded database in {Directory}")]
    public static partial void CreatingCluster(this ILogger logger, string directory);

    [LoggerMessage(Level = LogLevel.Information, Message = "Embedded PostgreSQL is ready after {Milliseconds} ms (process {ProcessId}, socket {Socket})")]
    public static partial void Ready(this ILogger logger, long milliseconds, int processId, string socket);

    [LoggerMessage(Level = LogLevel.Information, Message = "Embedded PostgreSQL has stopped")]
    public static partial void Stopped(this ILogger logger);

    [LoggerMessage(Level = LogLevel.Information, Message = "Embedded PostgreSQL is still starting after {Seconds} s: {LastLine}")]
    public static partial void StillStarting(this ILogger logger, long seconds, string lastLine);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A PostgreSQL server of an earlier run (process {ProcessId}) still uses {Directory}; stopping it")]
    public static partial void StoppingStray(this ILogger logger, int processId, string directory);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Removing the lock file of a PostgreSQL server that is gone (process {ProcessId}): {Path}")]
    public static partial void RemovingStaleLock(this ILogger logger, int processId, string path);

    [LoggerMessage(Level = LogLevel.Error, Message = "Embedded PostgreSQL ended unexpectedly with code {ExitCode} ({LastLine}); starting it again")]
    public static partial void EndedUnexpectedly(this ILogger logger, int exitCode, string lastLine);

    [LoggerMessage(Level = LogLevel.Error, Message = "Embedded PostgreSQL did not start again; next attempt in {Seconds} s")]
    public static partial void RestartFailed(this ILogger logger, Exception exception, double seconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Embedded PostgreSQL did not stop within {Seconds} s; stopping it at once, it will recover on the next start")]
    public static partial void StoppingAtOnce(this ILogger logger, double seconds);

    [LoggerMessage(Level = LogLevel.Information, Message = "Copying the PostgreSQL programs to {Directory}, because their own place cannot be used as it is")]
    public static partial void CopyingBinaries(this ILogger logger, string directory);

    [LoggerMessage(Level = LogLevel.Information, Message = "Giving {Path} to the account that runs PostgreSQL ({UserId})")]
    public static partial void ChangingOwner(this ILogger logger, string path, int userId);

    [LoggerMessage(Message = "PostgreSQL: {Line}")]
    public static partial void ServerLine(this ILogger logger, LogLevel level, string line);
}
