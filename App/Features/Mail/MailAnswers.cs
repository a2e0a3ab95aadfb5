namespace BlazorAdmin.Features.Mail;

/// <summary>What stands as the answer of a mail where no server gave one.</summary>
public static class MailAnswers
{
    /// <summary>The mail waits, without a job, until a server is configured.</summary>
    public const string NoServer = "No mail server is configured: set Mail:Host and Mail:From.";

    public const string BadAddress = "The address cannot be used in a mail.";

    public const string Suppressed = "The address refused mail for good before. Take the suppression away and send again.";

    public const string Unreadable = "The content was sealed under another root key and cannot be read.";

    public const string ContentGone = "The content is no longer kept.";
}
