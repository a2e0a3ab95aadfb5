using BlazorAdmin.Data;
using BlazorAdmin.Data.Keys;
using BlazorAdmin.Features.Users;
using BlazorAdmin.Security.Http;
using BlazorAdmin.Shell;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.SignalR;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace BlazorAdmin.Security;

public static class SecuritySetup
{
    public static Portal AddSecurity(this Portal portal)
    {
        portal.Topic<AccessChanged>("access");
        portal.Settings<SecurityOptions>(SecurityOptions.Section);
        portal.Settings<MaintenanceOptions>(MaintenanceOptions.Section);
        portal.Services.AddSingleton<IInterceptor, ReadOnlyInterceptor>();
        portal.Services.AddSingleton<PermissionCatalog>();
        portal.Services.AddSingleton<AccessRegistry>();
        portal.Services.AddSingleton<PersonRights>();
        portal.Services.AddScoped<CurrentCaller>();
        portal.Services.AddScoped<Guard>();
        portal.Services.AddSingleton<ISeed, RoleSeed>();
        portal.Services.AddSingleton<SessionClock>();
        portal.Services.AddSingleton<SignInThrottle>();
        portal.Services.AddSingleton<CspReports>();
        portal.Services.AddHostedService<SignInCleaner>();
        portal.Services.Configure<KestrelServerOptions>(options => options.AddServerHeader = false);
        portal.Services.AddLocalization();
        portal.Services.Configure<RequestLocalizationOptions>(Languages.Configure);
        portal.AddKeys();
        AddIdentity(portal.Services);
        AddAuthorization(portal.Services);
        AddCircuits(portal.Services);
        return portal;
    }

    private static void AddIdentity(IServiceCollection services)
    {
        services.AddIdentityCore<User>(options =>
            {
                options.User.RequireUniqueEmail = true;
                options.Password = new PasswordOptions
                {
                    RequiredLength = PasswordRules.MinLength, RequiredUniqueChars = 1, RequireDigit = false, RequireLowercase = false, RequireNonAlphanumeric = false, RequireUppercase = false,
                };
            })
            .AddRoles<Role>().AddEntityFrameworkStores<AppDbContext>().AddPasswordValidator<PortalPasswordValidator>();
        services.Configure<PasswordHasherOptions>(options => options.IterationCount = 210_000);
        services.AddAuthentication(SessionCookie.Scheme).AddCookie(SessionCookie.Scheme, options =>
        {
            options.Cookie.Name = SessionCookie.Name;
            options.Cookie.HttpOnly = true;
            options.Cookie.SameSite = SameSiteMode.Lax;
            options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            options.Cookie.Path = "/";
            options.CookieManager = new HostPrefixCookieManager();
            options.SlidingExpiration = false;
            options.LoginPath = "/account/login";
            options.ReturnUrlParameter = "returnUrl";
            options.Events = new CookieAuthenticationEvents
            {
                OnValidatePrincipal = SessionCookie.ValidateAsync,
                OnRedirectToLogin = context => Answer(context, StatusCodes.Status401Unauthorized),
                OnRedirectToAccessDenied = context => Answer(context, StatusCodes.Status403Forbidden, neverRedirect: true),
            };
        });
        services.AddAntiforgery(options =>
        {
            options.Cookie.Name = "BlazorAdmin.Form";
            options.Cookie.HttpOnly = true;
            options.Cookie.SameSite = SameSiteMode.Strict;
            options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            options.SuppressXFrameOptionsHeader = true;
        });
    }

    private static void AddAuthorization(IServiceCollection services)
    {
        services.AddAuthorization();
        services.AddSingleton<IAuthorizationPolicyProvider, PermissionPolicyProvider>();
        services.AddSingleton<IAuthorizationHandler, PermissionHandler>();
        services.AddCascadingAuthenticationState();
    }

    private static void AddCircuits(IServiceCollection services)
    {
        services.AddSingleton<CircuitRegistry>();
        services.AddHostedService(provider => provider.GetRequiredService<CircuitRegistry>());
        services.AddScoped<SessionAuthenticationStateProvider>();
        services.AddScoped<AuthenticationStateProvider>(provider => provider.GetRequiredService<SessionAuthenticationStateProvider>());
        services.AddScoped<CircuitHandler, SessionCircuitHandler>();
        services.AddSingleton<ConnectionFilter>();
        services.AddSignalR(options => options.AddFilter<ConnectionFilter>());
    }

    // Pages lead to the sign-in; scripts, downloads and probes get the plain status.
    private static Task Answer(Microsoft.AspNetCore.Authentication.RedirectContext<CookieAuthenticationOptions> context, int status, bool neverRedirect = false)
    {
        if (!neverRedirect && Navigation.Is(context.Request) && !context.Request.Path.StartsWithSegments("/_blazor")) context.Response.Redirect(PathOf(context.RedirectUri));
        else context.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    private static string PathOf(string url) => Uri.TryCreate(url, UriKind.Absolute, out var absolute) ? absolute.PathAndQuery : url;
}
