using System.Security.Cryptography;
using System.Text.Json;
using BlazorAdmin.Security;
using Microsoft.AspNetCore.DataProtection;

namespace BlazorAdmin.Features.Account.Impersonation;

/// <summary>The way back from looking at the portal as somebody else.</summary>
/// <param name="SessionId">The session that looks.</param>
/// <param name="OwnSessionId">The administrator's own, from which it began.</param>
public sealed record ImpersonationReturn(Guid SessionId, Guid OwnSessionId);

/// <summary>Carries an <see cref="ImpersonationReturn"/> in a cookie that only this portal can write; the rows of both sessions decide what it is worth.</summary>
public sealed class ReturnCookie(IDataProtectionProvider protection)
{
    public const string Name = "BlazorAdmin.Return";

    private readonly IDataProtector _protector = protection.CreateProtector("BlazorAdmin.ImpersonationReturn.v1");
    private readonly HostPrefixCookieManager _cookies = new();

    public void Write(HttpContext http, ImpersonationReturn back) =>
        _cookies.AppendResponseCookie(http, Name, _protector.Protect(JsonSerializer.Serialize(back)), Options(http));

    /// <returns>Null if there is none, or it is not of this portal.</returns>
    public ImpersonationReturn? Read(HttpContext http)
    {
        if (_cookies.GetRequestCookie(http, Name) is not { Length: > 0 } value) return null;
        try
        {
            return JsonSerializer.Deserialize<ImpersonationReturn>(_protector.Unprotect(value));
        }
        catch (CryptographicException)
        {
            // Not of this portal: the same as none.
            return null;
        }
    }

    public void Delete(HttpContext http) => _cookies.DeleteCookie(http, Name, Options(http));

    private static CookieOptions Options(HttpContext http) => new()
    {
        HttpOnly = true, IsEssential = true, Path = "/", SameSite = SameSiteMode.Strict, Secure = http.Request.IsHttps, MaxAge = SessionClock.ImpersonationLimit,
    };
}
