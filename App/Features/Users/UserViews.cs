namespace BlazorAdmin.Features.Users;

/// <summary>One line of the list.</summary>
public sealed record UserRow
{
    public Guid Id { get; init; }

    public required string Name { get; init; }

    public required string Email { get; init; }

    public IReadOnlyList<string> Roles { get; init; } = [];

    public DateTimeOffset? DeactivatedAt { get; init; }

    public DateTimeOffset? LastSignInAt { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the person was invited, who has not signed in yet.</summary>
    public DateTimeOffset? InvitedAt { get; init; }

    /// <summary>Until when that invitation can be accepted; null: it cannot any more.</summary>
    public DateTimeOffset? InvitationEndsAt { get; init; }

    public bool IsInvited => InvitedAt is not null && LastSignInAt is null;
}

/// <summary>What the details show.</summary>
/// <param name="IsLocked">Somebody cannot sign in from at least one address after wrong passwords.</param>
/// <param name="IsSelf">It is the caller's own account.</param>
public sealed record UserDetails(UserRow User, IReadOnlyList<Guid> RoleIds, bool IsLocked, int OpenSessions, bool IsSelf)
{
    /// <summary>Since when sign-in asks for a code of an app; null: it does not.</summary>
    public DateTimeOffset? AuthenticatorSince { get; init; }

    public int Passkeys { get; init; }

    /// <summary>Closed because the directory no longer has the person.</summary>
    public bool IsGoneFromDirectory { get; init; }

    /// <summary>Hash of the picture; null: none.</summary>
    public string? Picture { get; init; }

    /// <summary>What the person and their roles know about; null: not for the caller to see.</summary>
    public IReadOnlyList<string>? Topics { get; init; }

    /// <summary>In which areas the person was active in the last 90 days, the busiest first; null: not for the caller to see.</summary>
    public IReadOnlyList<AreaActivity>? Activity { get; init; }

    public bool HasFactor => AuthenticatorSince is not null || Passkeys > 0;
}

/// <param name="Area">First word of the commands, for instance <c>documents</c>.</param>
/// <param name="Commands">How many commands, counted to <see cref="UserDirectory.MostCommands"/> in all.</param>
public sealed record AreaActivity(string Area, int Commands);

/// <summary>A role that can be given.</summary>
public sealed record RoleChoice(Guid Id, string Name, bool BuiltIn);

/// <summary>What a new account starts with.</summary>
/// <param name="Password">Null: the person sets one through a one-time link.</param>
/// <param name="Invite">The one-time link goes to the person by mail as an invitation; <paramref name="Password"/> is null then.</param>
public sealed record NewUser(string Name, string Email, string? Password, IReadOnlyList<Guid> RoleIds, bool Invite = false);

public enum UserOutcome
{
    Done,
    NotFound,
    NameMissing,
    EmailInvalid,
    EmailTaken,
    PasswordRefused,

    /// <summary>One's own second factor is turned off on one's own account page, which asks who is there.</summary>
    OwnAccount,

    /// <summary>The installation must keep an active administrator.</summary>
    LastAdministrator,

    /// <summary>The role or account has permissions that the caller does not hold.</summary>
    BeyondOwnRights,

    /// <summary>No mail server is configured, or no public address for links.</summary>
    MailNotPossible,

    /// <summary>The person's address is suppressed or cannot be used; nothing was sent.</summary>
    MailRefused,

    /// <summary>Whoever has signed in before needs no invitation.</summary>
    CameInAlready,

    /// <summary>The organisation's directory says what the account's address and password are.</summary>
    FromDirectory,

    /// <summary>Nobody but the portal signs the person in.</summary>
    LocalAlready,

    /// <summary>The organisation's directory or proxy signs the person in; the portal gives them no password.</summary>
    SignsInElsewhere,

    /// <summary>No role was chosen, or it is gone.</summary>
    RoleMissing,

    /// <summary>A list names a role that does not exist.</summary>
    RoleUnknown,

    /// <summary>An address stands in a list for the second time.</summary>
    RowRepeated,

    /// <summary>More accounts than one command takes.</summary>
    TooMany,

    /// <summary>Oneself is left out of a command on many.</summary>
    OwnAccountInBulk,

    /// <summary>Confirm that it is you first.</summary>
    ProofNeeded,

    /// <summary>The link was used, replaced, or is too old.</summary>
    LinkGone,
}

/// <param name="UserId">The account, if it was made or changed.</param>
/// <param name="Link">A one-time link that was made.</param>
public sealed record UserResult(UserOutcome Outcome, Guid? UserId = null, NewLink? Link = null, Security.PasswordFault Fault = Security.PasswordFault.None)
{
    public string? LinkToken => Link?.Token;
}

/// <summary>A one-time link to a password.</summary>
/// <param name="Token">Known only now.</param>
/// <param name="EndsAt">Until when it can be used.</param>
public sealed record NewLink(string Token, DateTimeOffset EndsAt);
