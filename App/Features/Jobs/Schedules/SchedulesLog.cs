namespace BlazorAdmin.Features.Jobs.Schedules;

internal static partial class SchedulesLog
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Schedule {Schedule}: more than {Most} ticks were due from {From:o} to {Until:o}; the earlier ones are left out")]
    public static partial void TicksLeftOut(ILogger logger, string schedule, int most, DateTimeOffset from, DateTimeOffset until);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Schedule {Schedule}: {Missed} ticks were missed while no node ran; {Run} run now")]
    public static partial void TicksMissed(ILogger logger, string schedule, int missed, int run);

    [LoggerMessage(Level = LogLevel.Error, Message = "Schedule {Schedule} cannot fire: {Problem}")]
    public static partial void CannotFire(ILogger logger, string schedule, string problem);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Schedules could not be read; they are read again soon")]
    public static partial void ReadFailed(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "Schedule {Schedule} could not be fired; it is tried again soon")]
    public static partial void FireFailed(ILogger logger, Exception exception, string schedule);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} schedules could not be fired together; they are fired one by one")]
    public static partial void FiredOneByOne(ILogger logger, Exception exception, int count);

    [LoggerMessage(Level = LogLevel.Error, Message = "A command on schedules failed (reference {Reference})")]
    public static partial void CommandFailed(ILogger logger, Exception exception, string reference);

    [LoggerMessage(Level = LogLevel.Error, Message = "The details of schedule {Schedule} did not load (reference {Reference})")]
    public static partial void DetailsFailed(ILogger logger, Exception exception, string schedule, string reference);
}
