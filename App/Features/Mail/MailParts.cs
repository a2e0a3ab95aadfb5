namespace BlazorAdmin.Features.Mail;

public enum MailPart
{
    Subject,
    Text,
    Html,
}

/// <summary>The three texts of a template in one language, before or after they are filled in.</summary>
public sealed record MailParts(string Subject, string Text, string Html)
{
    public const int SubjectLength = 400;
    public const int BodyLength = 100_000;

    public string this[MailPart part] => part switch
    {
        MailPart.Subject => Subject,
        MailPart.Text => Text,
        _ => Html,
    };
}
