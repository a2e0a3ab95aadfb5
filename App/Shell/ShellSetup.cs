using BlazorAdmin.Features.Logs;
using BlazorAdmin.Features.Tokens;
using BlazorAdmin.Security;
using BlazorAdmin.Security.Http;
using BlazorAdmin.Shell.Errors;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;

namespace BlazorAdmin.Shell;

public static class ShellSetup
{
    /// <summary>See the state of every component on <c>/health</c>.</summary>
    public const string HealthRead = "health.read";

    public static Portal AddShell(this Portal portal)
    {
        portal.Permission(HealthRead, Roles.Operator, Roles.Auditor);
        portal.Settings<ToastOptions>(ToastOptions.Section);
        var services = portal.Services;
        // The text of a page that somebody corrects comes as one message; the framework takes 32 KB.
        services.AddRazorComponents().AddInteractiveServerComponents().AddHubOptions(options => options.MaximumReceiveMessageSize = 512 << 10);
        // A page that lost its line hears so within 10 s (js/start.js waits that long).
        services.AddSignalR(hub => hub.KeepAliveInterval = TimeSpan.FromSeconds(4));
        services.AddExceptionHandler<FailureHandler>();
        services.AddSingleton<StatusPageAssets>();
        services.AddScoped<Display>();
        services.AddScoped<Toasts>();
        services.AddScoped<Confirmations>();
        services.AddScoped<CurrentPage>();
        services.AddScoped<PreferenceStore>();
        portal.PersonalData<Lists.Views.ViewsPersonalData>();
        services.AddScoped<Lists.Views.SavedViews>();
        services.AddSingleton<SliceTexts>();
        return portal;
    }

    /// <summary>The order of the middleware; every response passes it.</summary>
    public static void UsePortal(this WebApplication app)
    {
        app.UseMiddleware<ProxyHeaders>();
        app.UseMiddleware<BelievedProxies>();
        app.UseMiddleware<TraceOfRequest>();
        app.UseMiddleware<SecurityHeaders>();
        app.UseRequestLocalization();
        app.UseExceptionHandler(_ => { });
        app.UseStatusCodePages(StatusPage.FillAsync);
        app.UseRouting();
        app.UseMiddleware<DatabaseGate>();
        app.UseWebSockets();
        app.UseMiddleware<OriginCheck>();
        app.UseMiddleware<SetupRedirect>();
        app.UseAuthentication();
        app.UseMiddleware<ProxyPerson>();
        app.UseMiddleware<RequestPerson>();
        app.UseMiddleware<FactorGate>();
        app.UseMiddleware<LogPersonOfRequest>();
        app.UseAuthorization();
        app.UseAntiforgery();
        app.UseMiddleware<AntiforgeryAnswer>();
    }

    public static void MapShell(this WebApplication app)
    {
        app.MapStaticAssets().AllowAnonymous();
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false, ResponseWriter = HealthJson.WriteAsync }).AllowAnonymous();
        app.MapHealthChecks("/health/ready", new HealthCheckOptions { Predicate = check => check.Name == "database", ResponseWriter = HealthJson.WriteAsync }).AllowAnonymous();
        app.MapHealthChecks("/health", new HealthCheckOptions { ResponseWriter = HealthJson.WriteComponentsAsync }).RequireToken(TokenScopes.HealthRead, permission: HealthRead);
        app.MapPost(SecurityHeaders.ReportPath, (HttpRequest request, CspReports reports, CancellationToken cancellation) => reports.ReceiveAsync(request, cancellation)).AllowAnonymous();
        // SecurityHeaders sets the whole policy, frame-ancestors included.
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode(options => options.ContentSecurityFrameAncestorsPolicy = null);
    }
}
