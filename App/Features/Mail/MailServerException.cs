namespace BlazorAdmin.Features.Mail;

/// <summary>Why a mail server did not do what was asked.</summary>
public enum MailFault
{
    /// <summary>The name does not resolve.</summary>
    UnknownHost,

    /// <summary>The address is one that mail never lives at: link-local (a cloud's metadata service), unspecified, multicast.</summary>
    AddressNotAllowed,

    /// <summary>Nobody takes the connection.</summary>
    Unreachable,

    /// <summary>No answer within the time that the settings allow.</summary>
    NoAnswer,

    /// <summary>The connection ended in the middle.</summary>
    Dropped,

    /// <summary>What answers does not speak SMTP.</summary>
    NotSmtp,

    /// <summary>STARTTLS is wanted and not offered.</summary>
    NoTls,

    /// <summary>The certificate is not trusted, or of another name.</summary>
    Certificate,

    /// <summary>TLS did not come about for another reason.</summary>
    TlsFailed,

    /// <summary>The server offers no sign-in, or none that the portal knows (PLAIN, LOGIN).</summary>
    NoSignIn,

    /// <summary>The server said no, with a code.</summary>
    Refused,
}

/// <summary>A step failed. The message is for people; it names the server's own words where there are some.</summary>
/// <param name="code">The server's reply code (RFC 5321), if it said one.</param>
/// <param name="detail">Its words, or what the system said.</param>
public sealed class MailServerException(SmtpStage stage, MailFault fault, string message, int? code = null, string? detail = null, Exception? inner = null) : Exception(message, inner)
{
    // Says that a sign-in is wanted or that it is wrong: the portal's settings, not the mail.
    private static readonly int[] SignInCodes = [530, 534, 535, 538];

    public SmtpStage Stage => stage;

    public MailFault Fault => fault;

    public int? Code => code;

    public string? Detail => detail;

    /// <summary>No further attempt can help: the server refused this very mail for good.</summary>
    public bool IsFinal =>
        fault == MailFault.Refused && code is >= 500 and < 600 && !SignInCodes.Contains(code.Value) && stage is (SmtpStage.Sender or SmtpStage.Recipient or SmtpStage.Content);

    /// <summary>
    /// The mailbox does not exist or is closed for good, by the enhanced status code (RFC 3463: 5.1.x addresses, 5.2.1 disabled) or, without
    /// one, by 550, 551 or 553 of the recipient. A refusal by policy (5.7.x, relaying) says nothing about the mailbox.
    /// </summary>
    public bool BlamesMailbox
    {
        get
        {
            if (!IsFinal || stage != SmtpStage.Recipient) return false;
            if (SmtpReply.EnhancedOf(detail) is { } status) return status.StartsWith("5.1.", StringComparison.Ordinal) || status == "5.2.1";
            return code is 550 or 551 or 553 && detail?.Contains("relay", StringComparison.OrdinalIgnoreCase) != true;
        }
    }
}
