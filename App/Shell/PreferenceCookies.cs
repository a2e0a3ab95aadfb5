using BlazorAdmin.Features.Users;
using Microsoft.AspNetCore.Localization;

namespace BlazorAdmin.Shell;

/// <summary>
/// What the browser itself remembers: the look for the sign-in pages, the language for the circuit's own connection, and the browser's time zone.
/// js/shell.js writes the same cookies when somebody switches.
/// </summary>
public static class PreferenceCookies
{
    public const string Theme = "theme";
    public const string Density = "density";
    public const string TimeZone = "tz";

    /// <summary>What the cookies say; nonsense counts as nothing.</summary>
    public static Preferences Read(IRequestCookieCollection cookies) => new(
        Enum.TryParse<Theme>(cookies[Theme], ignoreCase: true, out var theme) && Enum.IsDefined(theme) ? theme : default,
        Enum.TryParse<Density>(cookies[Density], ignoreCase: true, out var density) && Enum.IsDefined(density) ? density : default,
        null,
        cookies[TimeZone] is { Length: > 0 and < 60 } zone && TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _) ? zone : null);

    /// <summary>Makes the cookies say what the person has stored, so that every device follows.</summary>
    public static void Write(HttpContext http, Preferences preferences)
    {
        Set(http, Theme, preferences.ThemeName);
        Set(http, Density, preferences.DensityName);
        if (preferences.Language is { } language)
            Set(http, CookieRequestCultureProvider.DefaultCookieName, CookieRequestCultureProvider.MakeCookieValue(new RequestCulture(language)));
    }

    private static void Set(HttpContext http, string name, string value)
    {
        if (http.Request.Cookies[name] == value || http.Response.HasStarted) return;
        // Not HttpOnly: the switch in the page writes them without a round trip. They hold no secret.
        http.Response.Cookies.Append(name, value, new CookieOptions { MaxAge = TimeSpan.FromDays(365), SameSite = SameSiteMode.Lax, Secure = http.Request.IsHttps, Path = "/", IsEssential = true });
    }
}
