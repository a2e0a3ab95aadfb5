namespace BlazorAdmin.Features.Mail;

internal static partial class MailLog
{
    [LoggerMessage(Level = LogLevel.Error, Message = "A command on mail failed (reference {Reference})")]
    public static partial void CommandFailed(ILogger logger, Exception exception, string reference);

    [LoggerMessage(Level = LogLevel.Error, Message = "Mail could not be read (reference {Reference})")]
    public static partial void ReadFailed(ILogger logger, Exception exception, string reference);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Version {Version} of the mail {Template} ({Language}) does not fit the program any more; the delivered text is sent")]
    public static partial void TemplateOutdated(ILogger logger, int version, string template, string language);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Version {Version} of the mail {Template} ({Language}) cannot be filled in; the delivered text is sent")]
    public static partial void TemplateBroken(ILogger logger, Exception exception, int version, string template, string language);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} mails that waited for a mail server are on their way")]
    public static partial void Resumed(ILogger logger, int count);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Mails} old mails and {Contents} contents were deleted")]
    public static partial void CleanedUp(ILogger logger, int mails, int contents);

    [LoggerMessage(Level = LogLevel.Error, Message = "The upkeep of mail failed; it is tried again")]
    public static partial void UpkeepFailed(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The mail server refused {Template} for good: {Answer}")]
    public static partial void Refused(ILogger logger, string template, string answer);
}
