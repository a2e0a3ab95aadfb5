using System.ComponentModel.DataAnnotations;
using System.Net;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Settings;

namespace BlazorAdmin.Features.Mail;

/// <summary>How the connection to the mail server is protected.</summary>
public enum MailSecurity
{
    /// <summary>Not at all: for a relay on the same machine or in a closed network.</summary>
    None,

    /// <summary>It begins in the clear and becomes TLS before anything is said (RFC 3207), usually on port 587. Without TLS nothing is sent.</summary>
    StartTls,

    /// <summary>TLS from the first byte (RFC 8314), usually on port 465.</summary>
    Tls,
}

/// <summary>
/// Section <c>Mail</c>: the server that takes the portal's mails. Without host or sender mails wait in the portal. How many leave in a
/// minute is a rule of the job type <c>mail.send</c>; the address in links is <c>Security:PublicUrl</c>.
/// </summary>
public sealed class MailOptions : IValidatableObject
{
    public const string Section = "Mail";

    /// <summary>Name or address of the mail server; null: none is configured.</summary>
    [MaxLength(255)]
    public string? Host { get; set; }

    [Range(1, 65_535)]
    public int Port { get; set; } = 587;

    public MailSecurity Security { get; set; } = MailSecurity.StartTls;

    /// <summary>Null: the server wants no sign-in.</summary>
    [MaxLength(200)]
    public string? UserName { get; set; }

    [Secret, SentTo(nameof(Host), nameof(Port), nameof(Security), nameof(AuthorityFile)), MaxLength(500)]
    public string? Password { get; set; }

    /// <summary>Address of the sender.</summary>
    public string? From { get; set; }

    /// <summary>Name of the sender, also what mails call the portal.</summary>
    [Required, MaxLength(100)]
    public string FromName { get; set; } = "BlazorAdmin";

    /// <summary>Language of mails to people who chose none: <c>en</c> or <c>de</c>.</summary>
    [RegularExpression("en|de", ErrorMessage = "Write en or de.")]
    public string Language { get; set; } = "en";

    /// <summary>PEM file with the certificates of the organisation's own authority; null: those that the system trusts.</summary>
    public string? AuthorityFile { get; set; }

    /// <summary>Longest wait for the name to resolve and for the connection, in seconds each.</summary>
    [Range(1, 300)]
    public int ConnectSeconds { get; set; } = 10;

    /// <summary>Longest wait for one answer, in seconds.</summary>
    [Range(1, 600)]
    public int AnswerSeconds { get; set; } = 60;

    /// <summary>Longest time for handing the mail over and for the answer to it, in seconds.</summary>
    [Range(1, 1_800)]
    public int DataSeconds { get; set; } = 180;

    /// <summary>Days after which mails are deleted from the log.</summary>
    [Range(1, 3_650)]
    public int RetentionDays { get; set; } = 90;

    /// <summary>Days that the content of a mail that could not be sent is kept, so that it can be sent again.</summary>
    [Range(1, 90)]
    public int ContentDays { get; set; } = 7;

    public bool IsConfigured => !string.IsNullOrWhiteSpace(Host) && !string.IsNullOrWhiteSpace(From);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Host is { Length: > 0 } host && Uri.CheckHostName(host) == UriHostNameType.Unknown) yield return Wrong(nameof(Host), "Write the name or address alone, for instance mail.example.org.");
        if (From is { Length: > 0 } from && !MailAddresses.CanBeUsed(from)) yield return Wrong(nameof(From), "Write one plain address, for instance portal@example.org.");
        if (FromName.Any(char.IsControl)) yield return Wrong(nameof(FromName), "Leave line breaks and other control characters out.");
        if (Security == MailSecurity.StartTls && Port == 465) yield return Wrong(nameof(Port), "Port 465 wants TLS from the first byte: set Mail:Security to Tls, or the port to 587.");
        if (Security == MailSecurity.None && UserName is { Length: > 0 } && Host is { Length: > 0 } && !IsThisMachine(Host))
            yield return Wrong(nameof(Security), "A sign-in wants TLS: set Mail:Security to StartTls or Tls, or take Mail:UserName away.");
        if (AuthorityFile is { Length: > 0 } file && !File.Exists(file)) yield return Wrong(nameof(AuthorityFile), "There is no such file; write the full path of a PEM file.");
    }

    private static bool IsThisMachine(string host) => host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));

    private static ValidationResult Wrong(string member, string text) => new(text, [member]);
}
