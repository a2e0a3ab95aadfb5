using BlazorAdmin.Security;
using BlazorAdmin.Shell;

namespace BlazorAdmin.Features.Account;

/// <summary>Plain form posts that change cookies.</summary>
internal static class AccountEndpoints
{
    public static async Task<IResult> SignOutAsync(HttpContext http, SessionService sessions)
    {
        var byProxy = http.Items[typeof(Access)] is Access { Method: SignInMethod.Proxy };
        await sessions.SignOutAsync(http.RequestAborted);
        await SessionCookie.DeleteAsync(http);
        // Not the cache: it holds only public assets, and browsers take seconds to clear it.
        http.Response.Headers["Clear-Site-Data"] = "\"storage\"";
        // The page itself: the proxy's name would sign the person in again at once.
        return Results.LocalRedirect(byProxy ? $"/account/login?{Security.Http.ProxyPerson.Local}=1&reason=signedout" : "/account/login?reason=signedout");
    }

    public static async Task<IResult> SetLanguageAsync(HttpContext http, PreferenceStore preferences)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var language = form["language"].ToString();
        if (Languages.Find(language) is { } culture)
        {
            Languages.WriteCookie(http, culture.Name);
            // Who can only read, reads in the language they chose; it is not kept.
            if (http.Items[typeof(Access)] is Access { ReadOnly: null }) await preferences.SetLanguageAsync(culture.Name, http.RequestAborted);
        }

        var target = form["returnUrl"].ToString();
        return Results.LocalRedirect(target.StartsWith("/account/login", StringComparison.OrdinalIgnoreCase) && !target.Contains('\\') && !target.Any(char.IsControl) ? target : LocalUrl.Clean(target));
    }
}
