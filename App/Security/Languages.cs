using System.Globalization;
using Microsoft.AspNetCore.Localization;

namespace BlazorAdmin.Security;

/// <summary>The languages of the portal. A regional variant brings its own dates and numbers with the same texts.</summary>
public static class Languages
{
    public static readonly string CookieName = CookieRequestCultureProvider.DefaultCookieName;

    /// <summary>Name in its own language, for the switch.</summary>
    public static readonly IReadOnlyList<(string Code, string Name)> All = [("en", "English"), ("de", "Deutsch")];

    private static readonly CultureInfo[] Supported = [.. new[] { "en", "en-US", "en-GB", "en-IE", "en-AU", "en-CA", "de", "de-DE", "de-AT", "de-CH" }.Select(CultureInfo.GetCultureInfo)];

    /// <summary>Name in its own language; an unknown one is shown as it is written.</summary>
    public static string NameOf(string language) => All.FirstOrDefault(l => language.StartsWith(l.Code, StringComparison.OrdinalIgnoreCase)).Name ?? language;

    public static CultureInfo? Find(string? name) => Array.Find(Supported, c => string.Equals(c.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Cookie of the language switch, then the browser's wish. What a person set in their account comes later and wins.</summary>
    internal static void Configure(RequestLocalizationOptions options)
    {
        options.DefaultRequestCulture = new RequestCulture("en");
        options.SupportedCultures = Supported;
        options.SupportedUICultures = Supported;
        options.RequestCultureProviders = [new CookieRequestCultureProvider { CookieName = CookieName, Options = options }, new AcceptLanguageHeaderRequestCultureProvider { Options = options }];
    }

    internal static void WriteCookie(HttpContext http, string language) => http.Response.Cookies.Append(
        CookieName, CookieRequestCultureProvider.MakeCookieValue(new RequestCulture(language)),
        // Not HttpOnly: the switch in the page writes it too.
        new CookieOptions { IsEssential = true, MaxAge = TimeSpan.FromDays(365), SameSite = SameSiteMode.Lax, Secure = http.Request.IsHttps });
}
