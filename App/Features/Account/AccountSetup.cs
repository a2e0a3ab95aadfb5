using BlazorAdmin.Data;
using BlazorAdmin.Shell;

namespace BlazorAdmin.Features.Account;

public static class AccountSetup
{
    public static Portal AddAccount(this Portal portal)
    {
        portal.Services.AddScoped<AccountFactory>();
        portal.Services.AddScoped<FirstAdministrator>();
        portal.Services.AddScoped<SignInService>();
        portal.Services.AddScoped<SignInLinks>();
        portal.Services.AddScoped<SessionService>();
        portal.Services.AddScoped<AccountService>();
        portal.Services.AddSingleton<SlowLane>();
        portal.Services.AddSingleton<SetupState>();
        portal.Services.AddSingleton<SetupCode>();
        portal.Services.AddSingleton<SetupAttempts>();
        portal.Services.AddSingleton<ISeed, BootstrapSeed>();
        portal.Services.AddHostedService<SetupAnnouncer>();
        portal.Verb<AdminLinkVerb>("admin link", "Prints a one-time sign-in link for an administrator: admin link [e-mail]");
        portal.Verb<AdminUnlockVerb>("admin unlock", "Unlocks an account after too many wrong passwords: admin unlock <e-mail>");
        return portal;
    }

    public static void MapAccount(this WebApplication app)
    {
        app.MapPost("/account/logout", AccountEndpoints.SignOutAsync).WithMetadata(new Microsoft.AspNetCore.Antiforgery.RequireAntiforgeryTokenAttribute()).AllowAnonymous();
        app.MapPost("/account/language", AccountEndpoints.SetLanguageAsync).WithMetadata(new Microsoft.AspNetCore.Antiforgery.RequireAntiforgeryTokenAttribute()).AllowAnonymous();
        app.MapGet("/account/active", () => Results.NoContent());
    }
}
