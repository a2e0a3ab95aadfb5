using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace BlazorAdmin.Security;

/// <summary>The sign-in cookie: it names the person and the session row, nothing more.</summary>
public static class SessionCookie
{
    public const string Scheme = CookieAuthenticationDefaults.AuthenticationScheme;
    public const string Name = "BlazorAdmin";

    /// <summary>Writes the cookie of a session that is committed.</summary>
    public static Task WriteAsync(HttpContext http, SignInSession session) => http.SignInAsync(Scheme, Principal(session), new AuthenticationProperties
    {
        IsPersistent = session.Remembered,
        IssuedUtc = session.CreatedAt,
        ExpiresUtc = session.EndsAt,
        AllowRefresh = false,
    });

    public static Task DeleteAsync(HttpContext http) => http.SignOutAsync(Scheme);

    /// <returns>The session that the principal names, or null.</returns>
    public static Guid? SessionIdOf(ClaimsPrincipal principal) =>
        Guid.TryParse(principal.FindFirstValue(SessionClaims.SessionId), out var id) ? id : null;

    public static Guid? UserIdOf(ClaimsPrincipal principal) =>
        Guid.TryParse(principal.FindFirstValue(ClaimTypes.NameIdentifier), out var id) ? id : null;

    /// <summary>Whom the cookie of a session names.</summary>
    internal static ClaimsPrincipal Principal(SignInSession session) => new(new ClaimsIdentity(
        [new Claim(ClaimTypes.NameIdentifier, session.UserId.ToString()), new Claim(SessionClaims.SessionId, session.Id.ToString())], Scheme));

    /// <summary>Checks the session row; called for every request.</summary>
    internal static async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        var services = context.HttpContext.RequestServices;
        var cancellation = context.HttpContext.RequestAborted;
        if (context.Principal is { } principal && SessionIdOf(principal) is { } session
            && await services.GetRequiredService<AccessRegistry>().GetAsync(session, cancellation) is { } access && access.UserId == UserIdOf(principal))
        {
            await services.GetRequiredService<SessionClock>().TouchAsync(session, cancellation);
            context.HttpContext.Items[typeof(Access)] = access;
            return;
        }

        context.RejectPrincipal();
        await context.HttpContext.SignOutAsync(Scheme);
    }
}

/// <summary>Over https the cookie has the <c>__Host-</c> prefix, which browsers tie to this host and to Secure; plain http cannot carry it.</summary>
public sealed class HostPrefixCookieManager : ICookieManager
{
    private readonly ChunkingCookieManager _inner = new();

    public string? GetRequestCookie(HttpContext context, string key) => _inner.GetRequestCookie(context, NameFor(context, key));

    public void AppendResponseCookie(HttpContext context, string key, string? value, CookieOptions options) =>
        _inner.AppendResponseCookie(context, NameFor(context, key), value, options);

    public void DeleteCookie(HttpContext context, string key, CookieOptions options) => _inner.DeleteCookie(context, NameFor(context, key), options);

    private static string NameFor(HttpContext context, string key) => context.Request.IsHttps ? "__Host-" + key : key;
}
