namespace BlazorAdmin.Features.Tokens;

public enum TokenState
{
    Active,
    Expired,
    Revoked,

    /// <summary>The account of whoever made it is closed.</summary>
    OwnerClosed,
}

/// <summary>One line of the list.</summary>
public sealed record TokenRow
{
    public required Guid Id { get; init; }

    public required string Name { get; init; }

    public required string Prefix { get; init; }

    public required string Scopes { get; init; }

    public required Guid OwnerId { get; init; }

    public required string Owner { get; init; }

    public bool IsOwnerClosed { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    public DateTimeOffset? LastUsedAt { get; init; }

    public string? LastUsedFrom { get; init; }

    public DateTimeOffset? RevokedAt { get; init; }

    public IReadOnlyList<string> ScopeNames => Scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    public TokenState StateAt(DateTimeOffset now) =>
        RevokedAt is not null ? TokenState.Revoked : ExpiresAt <= now ? TokenState.Expired : IsOwnerClosed ? TokenState.OwnerClosed : TokenState.Active;
}

/// <summary>What a new token shall be.</summary>
/// <param name="ExpiresAt">Null: it does not expire.</param>
public sealed record NewToken(string Name, IReadOnlyCollection<string> Scopes, DateTimeOffset? ExpiresAt);

/// <summary>Why a token was not made; each names a field.</summary>
public enum TokenProblem
{
    None,
    NameMissing,
    NameTooLong,
    ScopesMissing,
    ScopeUnknown,

    /// <summary>The caller lacks the permission behind one of the scopes.</summary>
    ScopeForbidden,
    ExpiryPast,
    ExpiryTooFar,

    /// <summary>Confirm that it is you first.</summary>
    ProofNeeded,
}

/// <summary>What became of a wish for a token.</summary>
/// <param name="Secret">The whole token; nobody can read it later. Null if it was refused.</param>
public sealed record TokenResult(TokenProblem Problem, Guid? Id = null, string? Secret = null);
