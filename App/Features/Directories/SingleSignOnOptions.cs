using System.ComponentModel.DataAnnotations;
using BlazorAdmin.Features.Settings;
using BlazorAdmin.Features.Audit;

namespace BlazorAdmin.Features.Directories;

/// <summary>
/// Section <c>SingleSignOn</c>: people come signed in by a reverse proxy that names them in a header. Only the proxies of
/// <c>Security:KnownProxies</c> are believed; from everybody else these headers are taken away before anything reads them.
/// </summary>
public sealed class SingleSignOnOptions : IValidatableObject
{
    public const string Section = "SingleSignOn";

    private const string HeaderName = "[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}";

    public bool Enabled { get; set; }

    /// <summary>The header with the name that never changes and is never given to another.</summary>
    [Required, RegularExpression(HeaderName)]
    public string UserHeader { get; set; } = "X-Remote-User";

    /// <summary>
    /// The header with the mail address; null: it is not read, and a name that is an address counts. Name this and the next two only if the
    /// proxy sets or empties them in each request: what it passes on is the visitor's own word.
    /// </summary>
    [RegularExpression(HeaderName)]
    public string? MailHeader { get; set; }

    /// <summary>The header with the name for people to read; null: it is not read.</summary>
    [RegularExpression(HeaderName)]
    public string? NameHeader { get; set; }

    /// <summary>The header with the groups; null: it is not read, and roles stay as they are.</summary>
    [RegularExpression(HeaderName)]
    public string? GroupsHeader { get; set; }

    /// <summary>What stands between two groups.</summary>
    [Required, StringLength(3, MinimumLength = 1)]
    public string GroupSeparator { get; set; } = ",";

    /// <summary>Which group brings which role: <c>operators => Operator</c>.</summary>
    [NamesRoles(After = RoleMap.Arrow)]
    public string[] GroupRoles { get; set; } = [];

    /// <summary>Whether somebody whom the portal does not know gets an account when they first come.</summary>
    public bool CreateAccounts { get; set; } = true;

    /// <summary>Header in which the proxy proves itself with <see cref="Secret"/>.</summary>
    [Required, RegularExpression(HeaderName)]
    public string SecretHeader { get; set; } = "X-Proxy-Secret";

    /// <summary>Needed where <see cref="Enabled"/>: the proxy's address is also that of whatever else runs on its machine.</summary>
    [Secret, StringLength(200, MinimumLength = 16)]
    public string? Secret { get; set; }

    /// <summary>Where people sign out of the organisation; null: nothing is offered.</summary>
    [RegularExpression(@"(https?:/|/)[^/\\\s][^\\\s]*|https?://[^\\\s]+", ErrorMessage = "Write a full address (https://...) or a path of this host (/...).")]
    public string? LogoutUrl { get; set; }

    internal IEnumerable<string> Headers => new[] { UserHeader, MailHeader, NameHeader, GroupsHeader, SecretHeader }.OfType<string>().Where(header => header.Length > 0);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Enabled && string.IsNullOrEmpty(Secret))
            yield return new ValidationResult($"Single sign-on needs a shared secret: set SingleSignOn:Secret to at least 16 random characters and let the proxy send them in the header {SecretHeader}, or switch SingleSignOn:Enabled off.", [nameof(Secret)]);
        for (var i = 0; i < GroupRoles.Length; i++)
            if (!RoleMap.CanRead(GroupRoles[i])) yield return new ValidationResult("Write group => role, for instance operators => Operator.", [$"{nameof(GroupRoles)}:{i}"]);
        string[] ours = ["cookie", "host", "authorization", "accept", "origin"];
        if (Headers.FirstOrDefault(h => ours.Contains(h, StringComparer.OrdinalIgnoreCase)) is { } taken) yield return new ValidationResult($"The header {taken} has another meaning; name one of its own.", [nameof(UserHeader)]);
    }
}
