namespace BlazorAdmin.Features.Tokens;

/// <summary>Texts of the tab of access tokens.</summary>
public sealed class TokensTexts;
