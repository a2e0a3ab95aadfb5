namespace BlazorAdmin.Features.Tokens;

public static class TokensPermissions
{
    public const string Read = "tokens.read";
    public const string Manage = "tokens.manage";
}
