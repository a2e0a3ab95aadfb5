namespace BlazorAdmin.Features.Jobs.Operations;

internal static partial class OperationsLog
{
    [LoggerMessage(Level = LogLevel.Error, Message = "Queues or workers could not be read (reference {Reference})")]
    public static partial void ReadFailed(ILogger logger, Exception exception, string reference);
}
