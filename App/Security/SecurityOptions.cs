using System.ComponentModel.DataAnnotations;
using BlazorAdmin.Features.Settings;
using BlazorAdmin.Security.Http;

namespace BlazorAdmin.Security;

/// <summary>Section <c>Security</c>: how long sign-ins last, when guessing is stopped, which proxies are believed.</summary>
public sealed class SecurityOptions : IValidatableObject
{
    public const string Section = "Security";

    /// <summary>A sign-in without activity ends after this many minutes.</summary>
    [Range(5, 10_080)]
    public int IdleMinutes { get; set; } = 480;

    /// <summary>A sign-in ends after this many hours whatever happens.</summary>
    [Range(1, 720)]
    public int AbsoluteHours { get; set; } = 12;

    /// <summary>Days that a sign-in with "keep me signed in" lasts.</summary>
    [Range(1, 90)]
    public int RememberDays { get; set; } = 14;

    /// <summary>Wrong passwords for one account from one address before that pair is locked.</summary>
    [Range(3, 50)]
    public int FailuresPerPair { get; set; } = 5;

    /// <summary>Minutes that a locked pair stays locked; also the window in which failures are counted.</summary>
    [Range(1, 1_440)]
    public int LockoutMinutes { get; set; } = 15;

    /// <summary>Wrong passwords for one account from all addresses together, after which attempts from places it never signed in from are slowed down.</summary>
    [Range(5, 10_000)]
    public int FailuresPerAccount { get; set; } = 20;

    /// <summary>Wrong passwords from one address for all accounts together, after which the address waits. An office shares an address: keep it high.</summary>
    [Range(10, 100_000)]
    public int FailuresPerAddress { get; set; } = 100;

    /// <summary>Pages that one person can have open on a node at once; more do not come to life. Each holds some hundred kilobytes of memory.</summary>
    [Range(5, 100_000)]
    public int CircuitsPerPerson { get; set; } = 50;

    /// <summary>Names of the roles whose people must have a second factor: they are led to set one up before anything else.</summary>
    [NamesRoles]
    public string[] RequireSecondFactorFor { get; set; } = [];

    /// <summary>Tell people in the portal that an administrator has looked at it as them.</summary>
    public bool TellImpersonated { get; set; } = true;

    /// <summary>The domain that passkeys belong to (relying party id), for instance <c>example.org</c>; null: the host of the request. Passkeys of another domain stop working.</summary>
    [RegularExpression(@"[A-Za-z0-9]([A-Za-z0-9.\-]{0,251}[A-Za-z0-9])?")]
    public string? PasskeyDomain { get; set; }

    /// <summary>Addresses or networks (CIDR) of the reverse proxies whose forwarded headers are believed.</summary>
    public string[] KnownProxies { get; set; } = [];

    /// <summary>The address that people type, for links that the portal prints or mails; null: the address it listens on.</summary>
    [Url]
    public string? PublicUrl { get; set; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        for (var i = 0; i < KnownProxies.Length; i++)
            if (!ForwardedHeaders.CanRead(KnownProxies[i]))
                yield return new ValidationResult("Write an address, or a network such as 10.0.0.0/8.", [$"{nameof(KnownProxies)}:{i}"]);
    }

    public bool RequiresSecondFactor(IEnumerable<string> roles) => RequireSecondFactorFor.Length > 0 && roles.Any(role => RequireSecondFactorFor.Contains(role, StringComparer.OrdinalIgnoreCase));
}
