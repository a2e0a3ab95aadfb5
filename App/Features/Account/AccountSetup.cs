using BlazorAdmin.Data;
using BlazorAdmin.Features.Account.Factors;
using BlazorAdmin.Features.Account.Impersonation;
using BlazorAdmin.Features.Account.PersonalData;
using BlazorAdmin.Features.Account.Pictures;
using BlazorAdmin.Features.Users;
using BlazorAdmin.Security;
using BlazorAdmin.Shell;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

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
        portal.NotificationKind<AccountTexts>("account.security", "KindSecurity", isSecurity: true).NotificationKind<AccountTexts>("account.export", "KindExport").NotificationKind<AccountTexts>("users.erased", "KindErased");
        portal.PersonalData<AccountPersonalData>().PersonalData<OtherPersonalData>();
        portal.Job<ExportAccount, ExportAccountHandler>().Job<ExpireExport, ExportAccountHandler>().Job<EraseAccount, EraseAccountHandler>();
        portal.Services.AddScoped<PictureService>();
        portal.Services.AddScoped<AccountExport>();
        portal.Services.AddScoped<AccountErasure>();
        portal.Services.AddScoped<ImpersonationService>();
        portal.Services.AddSingleton<ReturnCookie>();
        portal.Services.AddScoped<AccountService>();
        portal.Services.AddScoped<ForgottenPasswords>();
        portal.Services.AddScoped<EmailChange>();
        portal.Services.AddSingleton<OwnerNotices>();
        portal.Job<ForgottenPassword, ForgottenPasswordHandler>();
        portal.Job<LockoutNotice, LockoutNoticeHandler>();
        portal.Services.AddSingleton<RecoveryCodes>();
        portal.Services.AddSingleton<SecondFactor>();
        portal.Services.AddSingleton<FactorRule>();
        portal.Services.AddSingleton<RecentProof>();
        portal.Services.AddSingleton<PendingSignInCookie>();
        portal.Services.AddScoped<OwnPassword>();
        portal.Services.AddScoped<FreshProof>();
        portal.Services.AddScoped<AuthenticatorService>();
        portal.Services.AddScoped<CodeSignIn>();
        portal.Services.AddScoped<IPasskeyHandler<User>>(services => new PasskeyHandler<User>(
            services.GetRequiredService<UserManager<User>>(), Options.Create(PasskeyRules.Of(services.GetRequiredService<IOptionsMonitor<SecurityOptions>>().CurrentValue))));
        portal.Services.AddScoped<PasskeyCeremonies>();
        portal.Services.AddScoped<PasskeyService>();
        portal.Services.AddSingleton<PasskeyAttempts>();
        portal.Services.AddScoped<PasskeySignIn>();
        portal.Services.AddSingleton<SlowLane>();
        portal.Services.AddSingleton<SetupState>();
        portal.Services.AddSingleton<SetupCode>();
        portal.Services.AddSingleton<SetupAttempts>();
        portal.Services.AddSingleton<ISeed, BootstrapSeed>();
        portal.Services.AddHostedService<SetupAnnouncer>();
        portal.Verb<AdminLinkVerb>("admin link", "Prints a one-time sign-in link for an administrator: admin link [e-mail]");
        portal.Verb<AdminUnlockVerb>("admin unlock", "Unlocks an account after too many wrong passwords: admin unlock <e-mail>");
        portal.Verb<AdminFactorVerb>("admin remove-factor", "Removes a lost authenticator app and passkeys: admin remove-factor <e-mail>");
        return portal;
    }

    public static void MapAccount(this WebApplication app)
    {
        app.MapPost("/account/logout", AccountEndpoints.SignOutAsync).WithMetadata(new Microsoft.AspNetCore.Antiforgery.RequireAntiforgeryTokenAttribute()).AllowAnonymous();
        app.MapPost("/account/impersonate/end", ImpersonationEndpoint.EndAsync).WithMetadata(new Microsoft.AspNetCore.Antiforgery.RequireAntiforgeryTokenAttribute());
        app.MapGet("/account/data/download", ExportEndpoint.DownloadAsync).RequireAuthorization();
        app.MapPost("/account/language", AccountEndpoints.SetLanguageAsync).WithMetadata(new Microsoft.AspNetCore.Antiforgery.RequireAntiforgeryTokenAttribute()).AllowAnonymous();
        app.MapPost("/account/login/passkey", PasskeyEndpoints.BeginSignInAsync).WithMetadata(new Microsoft.AspNetCore.Antiforgery.RequireAntiforgeryTokenAttribute()).AllowAnonymous();
        app.MapPost("/account/confirm/passkey", PasskeyEndpoints.BeginConfirmAsync).WithMetadata(new Microsoft.AspNetCore.Antiforgery.RequireAntiforgeryTokenAttribute());
        app.MapPost("/account/security/passkey", PasskeyEndpoints.BeginAddAsync).WithMetadata(new Microsoft.AspNetCore.Antiforgery.RequireAntiforgeryTokenAttribute());
        PictureEndpoints.Map(app);
        app.MapGet("/account/active", () => Results.NoContent());
    }
}
