namespace BlazorAdmin.Features.Flags;

internal static partial class FlagsLog
{
    [LoggerMessage(Level = LogLevel.Error, Message = "The definition of the flag {Key} ({Id}) cannot be read by this version; what the code declares is given")]
    public static partial void Unreadable(ILogger logger, string key, Guid id);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Code asks for the flag {Key}, which does not exist; it is off")]
    public static partial void UnknownKey(ILogger logger, string key);

    [LoggerMessage(Level = LogLevel.Error, Message = "The flags could not be read; those read last stay in force")]
    public static partial void ReadFailed(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "Who was given what by flags could not be written")]
    public static partial void WriteFailed(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "A command on flags failed (reference {Reference})")]
    public static partial void CommandFailed(ILogger logger, Exception exception, string reference);

    [LoggerMessage(Level = LogLevel.Error, Message = "What somebody edits of a flag could not be kept as a draft")]
    public static partial void DraftFailed(ILogger logger, Exception exception);
}
