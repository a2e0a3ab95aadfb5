namespace BlazorAdmin.Features.Mail;

/// <summary>The steps of a conversation with a mail server, in their order.</summary>
public enum SmtpStage
{
    Resolve,
    Connect,
    Greeting,
    Hello,
    Encrypt,
    SignIn,
    Sender,
    Recipient,
    Content,
    Quit,
}

/// <summary>How far a step came.</summary>
/// <param name="Took">Null while it runs.</param>
/// <param name="Answer">What the server said, or what was found out.</param>
/// <param name="Failure">Null unless it failed.</param>
public sealed record SmtpStep(SmtpStage Stage, TimeSpan? Took = null, string? Answer = null, MailServerException? Failure = null);
