using BlazorAdmin.Features.Audit;
using Microsoft.AspNetCore.Identity;

namespace BlazorAdmin.Features.Users;

/// <summary>A person with an account, with what they chose for themselves.</summary>
public sealed class User : IdentityUser<Guid>, IAudited
{
    public Guid TenantId { get; set; }

    [PersonalData]
    public string DisplayName { get; set; } = "";

    /// <summary>Culture name (<c>en</c>, <c>de</c>), or null to follow the browser.</summary>
    public string? Language { get; set; }

    /// <summary>IANA name, or null to follow the server's setting.</summary>
    public string? TimeZone { get; set; }

    /// <summary>Null: the default of the person's roles.</summary>
    public Theme? Theme { get; set; }

    /// <summary>Null: the default of the person's roles.</summary>
    public Density? Density { get; set; }

    /// <summary>Name in the organisation's directory; null for an account of the portal's own.</summary>
    [PersonalData]
    public string? DirectoryName { get; set; }

    /// <summary>When the directory no longer had the person, who was deactivated for it; null: it has them, or is not asked.</summary>
    public DateTimeOffset? DirectoryGoneAt { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>When the person was last invited by mail.</summary>
    public DateTimeOffset? InvitedAt { get; set; }

    public DateTimeOffset? LastSignInAt { get; set; }

    /// <summary>Seed of the authenticator app, sealed with the installation's key; null: none is set up.</summary>
    [Secret]
    public string? AuthenticatorSeed { get; set; }

    /// <summary>Since when sign-in asks for a code of the app.</summary>
    public DateTimeOffset? AuthenticatorSince { get; set; }

    /// <summary>The last time step whose code was used; no code counts twice.</summary>
    public long? AuthenticatorStep { get; set; }

    /// <summary>Set while the account is closed; nobody signs in to it and its sessions are over.</summary>
    public DateTimeOffset? DeactivatedAt { get; set; }
}

public enum Theme
{
    System,
    Light,
    Dark,
}

public enum Density
{
    Normal,
    Compact,
}
