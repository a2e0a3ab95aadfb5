namespace BlazorAdmin.Features.Monitor.Store;

internal static partial class MetricStoreLog
{
    [LoggerMessage(LogLevel.Warning, "Metrics wait on the disk: {Problem}")]
    public static partial void SealingDelayed(this ILogger logger, Exception error, string problem);

    [LoggerMessage(LogLevel.Information, "Metrics are written to the database again; {Waiting} minutes wait")]
    public static partial void SealingAgain(this ILogger logger, int waiting);

    [LoggerMessage(LogLevel.Error, "The metrics of {Minute} cannot be written: {Samples} samples are lost. Their file stays beside the journals as .refused")]
    public static partial void MinuteRefused(this ILogger logger, Exception error, DateTimeOffset minute, long samples);

    [LoggerMessage(LogLevel.Error, "Samples cannot be written to the journal; they stay in memory as long as there is room")]
    public static partial void JournalFailed(this ILogger logger, Exception error);

    [LoggerMessage(LogLevel.Information, "Samples are written to the journal again")]
    public static partial void JournalAgain(this ILogger logger);

    [LoggerMessage(LogLevel.Warning, "{Samples} samples of the machine are lost: {Reason}")]
    public static partial void SamplesLost(this ILogger logger, long samples, string reason);

    [LoggerMessage(LogLevel.Information, "{Samples} samples of the run before were found in the journal")]
    public static partial void Recovered(this ILogger logger, long samples);

    [LoggerMessage(LogLevel.Warning, "The run before did not stop in order; samples are missing for up to a second after {Last:O}")]
    public static partial void Interrupted(this ILogger logger, DateTimeOffset last);

    [LoggerMessage(LogLevel.Warning, "{Records} records of the journal of {Minute} could not be read")]
    public static partial void RecordsDamaged(this ILogger logger, int records, DateTimeOffset minute);

    [LoggerMessage(LogLevel.Error, "Old metrics could not be deleted; the next attempt is in an hour")]
    public static partial void CleanUpFailed(this ILogger logger, Exception error);

    [LoggerMessage(LogLevel.Debug, "{Rows} old rows of metrics deleted")]
    public static partial void CleanedUp(this ILogger logger, int rows);

    [LoggerMessage(LogLevel.Warning, "Marks for the charts could not be written; {Waiting} wait")]
    public static partial void MarksDelayed(this ILogger logger, Exception error, int waiting);

    [LoggerMessage(LogLevel.Error, "The database does not take a metric of the name {Key}; it is shown live and not stored")]
    public static partial void SeriesRefused(this ILogger logger, Exception? error, string key);

    [LoggerMessage(LogLevel.Error, "The row of series {Series}, level {Level}, from {Start:O} is damaged and left out")]
    public static partial void ChunkDamaged(this ILogger logger, Exception error, int series, MetricLevel level, DateTimeOffset start);
}
