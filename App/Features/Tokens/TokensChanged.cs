namespace BlazorAdmin.Features.Tokens;

/// <summary>A token was made, revoked or used for the first time within a minute.</summary>
public sealed record TokensChanged(Guid Id);
