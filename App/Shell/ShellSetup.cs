using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Localization;

namespace BlazorAdmin.Shell;

public static class ShellSetup
{
    public static Portal AddShell(this Portal portal)
    {
        var services = portal.Services;
        services.AddRazorComponents().AddInteractiveServerComponents();
        // A page that lost its line hears so within 10 s (js/start.js waits that long).
        services.AddSignalR(hub => hub.KeepAliveInterval = TimeSpan.FromSeconds(4));
        services.AddLocalization();
        services.Configure<RequestLocalizationOptions>(UseLanguages);
        services.AddExceptionHandler<ErrorHandling>();
        services.AddScoped<Display>();
        services.AddScoped<Toasts>();
        services.AddScoped<Confirmations>();
        services.AddScoped<CurrentPage>();
        services.AddScoped<PreferenceStore>();
        services.AddSingleton<SliceTexts>();
        return portal;
    }

    /// <summary>The order of the middleware; every response passes it.</summary>
    public static void UsePortal(this WebApplication app)
    {
        app.UseExceptionHandler("/error", createScopeForErrors: true);
        app.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true);
        app.UseStaticFiles();
        app.UseRequestLocalization();
        app.UseAntiforgery();
    }

    public static void MapShell(this WebApplication app)
    {
        app.MapStaticAssets();
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode(options => options.ContentSecurityFrameAncestorsPolicy = "'none'");
    }

    // Two languages of texts; dates and numbers in every region of them, so that a browser of Austria or Ireland gets its own.
    private static void UseLanguages(RequestLocalizationOptions options)
    {
        options.DefaultRequestCulture = new RequestCulture("en");
        options.SupportedUICultures = [.. PreferenceStore.Languages.Select(CultureInfo.GetCultureInfo)];
        options.SupportedCultures =
        [
            .. options.SupportedUICultures,
            .. CultureInfo.GetCultures(CultureTypes.SpecificCultures).Where(culture => PreferenceStore.Languages.Contains(culture.TwoLetterISOLanguageName)),
        ];
        options.RequestCultureProviders = [new CookieRequestCultureProvider(), new PersonCultureProvider(), new AcceptLanguageHeaderRequestCultureProvider()];
    }
}
