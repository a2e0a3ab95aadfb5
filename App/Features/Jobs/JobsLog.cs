namespace BlazorAdmin.Features.Jobs;

internal static partial class JobsLog
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Job {Job} ({Type}) failed in attempt {Attempt}; it is {State} now")]
    public static partial void RunFailed(ILogger logger, Exception? exception, long job, string type, int attempt, JobState state);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Job {Job} ({Type}) lost its lease and is stopped here")]
    public static partial void LeaseLost(ILogger logger, long job, string type);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Job {Job} ({Type}) ignores that it was told to stop; its slot is given to others")]
    public static partial void Stuck(ILogger logger, long job, string type);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Rules of jobs could not be read; the earlier ones hold")]
    public static partial void RulesNotRead(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The end of job {Job} ({Type}) came too late: its lease was lost")]
    public static partial void EndTooLate(ILogger logger, long job, string type);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} jobs of lost runs were taken back")]
    public static partial void TakenBack(ILogger logger, int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} jobs of the type {Type}, which no living node runs, were laid aside as failed")]
    public static partial void LaidAside(ILogger logger, int count, string type);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The heartbeat could not be written; silent for {Seconds:0.0} s")]
    public static partial void HeartbeatFailed(ILogger logger, Exception exception, double seconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Jobs could not be claimed")]
    public static partial void ClaimFailed(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} ended jobs wait for the database")]
    public static partial void EndsDelayed(ILogger logger, Exception exception, int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The ends of {Count} jobs were refused together; they are written one by one")]
    public static partial void EndsRefused(ILogger logger, Exception exception, int count);

    [LoggerMessage(Level = LogLevel.Error, Message = "The end of job {Job} was refused; it is taken back when its lease ends")]
    public static partial void EndRefused(ILogger logger, Exception exception, long job);

    [LoggerMessage(Level = LogLevel.Error, Message = "The end of job {Job} came after the engine stopped")]
    public static partial void EndNotTaken(ILogger logger, long job);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} ended jobs could not be written before the stop; they run again")]
    public static partial void EndsAbandoned(ILogger logger, int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Progress and log lines of jobs could not be written; they are tried again")]
    public static partial void ReportsDelayed(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "The engine failed at job {Job}")]
    public static partial void EngineFailed(ILogger logger, Exception exception, long job);

    [LoggerMessage(Level = LogLevel.Information, Message = "No more jobs are claimed; {Count} still run")]
    public static partial void Stopping(ILogger logger, int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Tick {DueAt:o} of schedule {Schedule} could not be written; trying again")]
    public static partial void TickDelayed(ILogger logger, Exception exception, string schedule, DateTimeOffset dueAt);

    [LoggerMessage(Level = LogLevel.Error, Message = "Tick {DueAt:o} of schedule {Schedule} was given up")]
    public static partial void TickLost(ILogger logger, Exception exception, string schedule, DateTimeOffset dueAt);

    [LoggerMessage(Level = LogLevel.Information, Message = "Deleted {Jobs} old jobs and {Ticks} ticks")]
    public static partial void CleanedUp(ILogger logger, int jobs, int ticks);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Some seconds of job statistics could not be written")]
    public static partial void StatisticsLost(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "A command on jobs failed (reference {Reference})")]
    public static partial void CommandFailed(ILogger logger, Exception exception, string reference);

    [LoggerMessage(Level = LogLevel.Error, Message = "The details of job {Job} did not load (reference {Reference})")]
    public static partial void DetailsFailed(ILogger logger, Exception exception, long job, string reference);
}
