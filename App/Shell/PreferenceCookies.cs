using BlazorAdmin.Features.Users;
using BlazorAdmin.Security;

namespace BlazorAdmin.Shell;

/// <summary>
/// What the browser itself remembers: the look, for the pages before sign-in, and its time zone. js/shell.js writes the same cookies
/// when somebody switches. The language has a cookie of its own (<see cref="Languages"/>).
/// </summary>
public static class PreferenceCookies
{
    public const string ThemeName = "theme";
    public const string DensityName = "density";
    public const string TimeZoneName = "tz";

    /// <summary>What the cookies say; nonsense counts as nothing.</summary>
    public static Preferences Read(IRequestCookieCollection cookies) => new(
        Language: null,
        TimeZone: cookies[TimeZoneName] is { Length: > 0 and < 60 } zone && TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _) ? zone : null,
        Theme: Enum.TryParse<Theme>(cookies[ThemeName], ignoreCase: true, out var theme) && Enum.IsDefined(theme) ? theme : default,
        Density: Enum.TryParse<Density>(cookies[DensityName], ignoreCase: true, out var density) && Enum.IsDefined(density) ? density : default);

    /// <summary>Makes the cookies say what the person has stored, so that every device follows.</summary>
    public static void Write(HttpContext http, Preferences preferences)
    {
        Set(http, ThemeName, Css(preferences.Theme));
        Set(http, DensityName, Css(preferences.Density));
    }

    /// <summary>Value of html[data-theme].</summary>
    public static string Css(Theme theme) => theme.ToString().ToLowerInvariant();

    /// <summary>Value of html[data-density].</summary>
    public static string Css(Density density) => density.ToString().ToLowerInvariant();

    private static void Set(HttpContext http, string name, string value)
    {
        if (http.Request.Cookies[name] == value || http.Response.HasStarted) return;
        // Not HttpOnly: the switch in the page writes them without a round trip. They hold no secret.
        http.Response.Cookies.Append(name, value, new CookieOptions { MaxAge = TimeSpan.FromDays(365), SameSite = SameSiteMode.Lax, Secure = http.Request.IsHttps, Path = "/", IsEssential = true });
    }
}
