using BlazorAdmin.Features.Directories.Ldap;

namespace BlazorAdmin.Features.Directories;

/// <summary>How the directory is set up, and how it stands.</summary>
/// <param name="Linked">Accounts that are linked to it.</param>
/// <param name="Last">The last sync; null if there was none.</param>
/// <param name="Failure">Since when it does not answer sign-ins, and why; null: it does, or nobody tried.</param>
/// <param name="UnknownRoles">Roles of the map that do not exist.</param>
public sealed record DirectoryView(
    bool IsConfigured, string? Servers, bool StartTls, string? BindDn, bool HasPassword, string? BaseDn, string UserFilter, bool CreateAccounts, int BrakePercent, IReadOnlyList<string> GroupRoles,
    int Linked, SyncReport? Last, (DateTimeOffset At, LdapFault Why)? Failure, IReadOnlyList<string> UnknownRoles);

/// <summary>How single sign-on by a proxy is set up.</summary>
/// <param name="Proxies">Whose headers are believed; empty: nobody's.</param>
/// <param name="Linked">Accounts that are linked to a name of the proxy.</param>
public sealed record SingleSignOnView(bool Enabled, string UserHeader, bool HasSecret, IReadOnlyList<string> Proxies, bool CreateAccounts, IReadOnlyList<string> GroupRoles, int Linked);

public enum MappingOutcome
{
    /// <summary>Nobody in the directory has this name.</summary>
    NotFound,

    /// <summary>The portal has the person's account.</summary>
    Linked,

    /// <summary>The first sign-in would make an account.</summary>
    WouldCreate,

    /// <summary>Nobody is linked, and accounts are not made.</summary>
    NotAllowed,

    NoMail,

    /// <summary>An account of the portal's own has the address.</summary>
    Collision,

    Closed,
}

/// <summary>How one person of the directory would be seen.</summary>
/// <param name="Account">The linked account, or the one with the same address.</param>
public sealed record PersonMapping(MappingOutcome Outcome, ExternalPerson? Person, IReadOnlyList<string> Roles, Guid? Account = null);

/// <summary>One account in the dry run.</summary>
public sealed record SyncLine(Guid UserId, string Name, string Mail, string? NewName, string? NewMail, IReadOnlyList<string> Given, IReadOnlyList<string> Taken, bool Close, bool Reopen);

/// <param name="Changes">How many accounts would change; <paramref name="Lines"/> holds the first of them.</param>
public sealed record DryRun(int Found, int Linked, int Gone, bool Braked, int Changes, IReadOnlyList<SyncLine> Lines);
