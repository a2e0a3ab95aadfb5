using BlazorAdmin.Features.Monitor;
using BlazorAdmin.Security;
using BlazorAdmin.Shell;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;

namespace BlazorAdmin.Features.Tokens;

public static class TokensSetup
{
    public static Portal AddTokens(this Portal portal)
    {
        portal.Permission(TokensPermissions.Read, Roles.Auditor);
        portal.Permission(TokensPermissions.Manage);
        portal.Topic<TokensChanged>("tokens");
        portal.Navigation(new NavigationEntry("/admin/tokens", typeof(TokensTexts), "Tokens", NavigationGroup.Administration, "lock", TokensPermissions.Read, 25));
        portal.TokenScope(TokenScopes.MetricsRead, typeof(TokensTexts), "ScopeMetricsRead", MonitorPermissions.Read);
        portal.TokenScope(TokenScopes.HealthRead, typeof(TokensTexts), "ScopeHealthRead", ShellSetup.HealthRead);
        portal.Services.AddSingleton<TokenScopeCatalog>();
        portal.Services.AddSingleton<TokenDoor>();
        portal.Services.AddSingleton<IAuthorizationHandler, ScopeHandler>();
        portal.PersonalData<TokensPersonalData>();
        portal.Services.AddScoped<TokensService>();
        portal.Services.AddScoped<TokenDialogs>();
        portal.Services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, TokenAuthentication>(TokenAuthentication.SchemeName, null);
        return portal;
    }
}
