using System.Security.Cryptography;
using System.Text.Json;
using BlazorAdmin.Features.Users;
using BlazorAdmin.Security;
using Microsoft.AspNetCore.DataProtection;

namespace BlazorAdmin.Features.Account.Factors;

/// <summary>A sign-in whose first factor was right and whose second is awaited. It is no session: nothing can be read with it.</summary>
/// <param name="Stamp">The account's security stamp: a password that changes meanwhile ends this too.</param>
/// <param name="By">What the first factor was.</param>
public sealed record PendingSignIn(Guid UserId, string Stamp, bool Remember, SignInMethod By, DateTimeOffset ExpiresAt)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    public static PendingSignIn Of(User user, bool remember, SignInMethod by, DateTimeOffset now) => new(user.Id, user.SecurityStamp ?? "", remember, by, now + Lifetime);
}

/// <summary>Carries a <see cref="PendingSignIn"/> to the page that asks for the code, in a cookie of its own.</summary>
public sealed class PendingSignInCookie(IDataProtectionProvider protection, TimeProvider time)
{
    public const string Name = "BlazorAdmin.Code";

    private readonly IDataProtector _protector = protection.CreateProtector("BlazorAdmin.PendingSignIn.v1");
    private readonly HostPrefixCookieManager _cookies = new();

    public void Write(HttpContext http, PendingSignIn pending) =>
        _cookies.AppendResponseCookie(http, Name, _protector.Protect(JsonSerializer.Serialize(pending)), Options(http));

    /// <returns>Null if there is none, or it is too old.</returns>
    public PendingSignIn? Read(HttpContext http)
    {
        if (_cookies.GetRequestCookie(http, Name) is not { Length: > 0 } value) return null;
        try
        {
            return JsonSerializer.Deserialize<PendingSignIn>(_protector.Unprotect(value)) is { } pending && pending.ExpiresAt > time.GetUtcNow() ? pending : null;
        }
        catch (CryptographicException)
        {
            // Not of this portal.
            return null;
        }
    }

    public void Delete(HttpContext http) => _cookies.DeleteCookie(http, Name, Options(http));

    private static CookieOptions Options(HttpContext http) => new()
    {
        HttpOnly = true, IsEssential = true, Path = "/", SameSite = SameSiteMode.Strict, Secure = http.Request.IsHttps, MaxAge = PendingSignIn.Lifetime,
    };
}
