using System.Globalization;
using System.Security.Claims;
using System.Text.Encodings.Web;
using BlazorAdmin.Security.Http;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Features.Tokens;

/// <summary>
/// <c>Authorization: Bearer ba_...</c> at the machine surfaces. Refusals are JSON (RFC 9457) that says what is wrong and what to do;
/// the header WWW-Authenticate follows RFC 6750.
/// </summary>
public sealed class TokenAuthentication(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logs, UrlEncoder encoder, TokenDoor door)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logs, encoder)
{
    public const string SchemeName = "AccessToken";
    public const string ScopeClaim = "scope";

    private const string Bearer = "Bearer ";

    private ShownToken? _shown;

    private bool HasBearer => Request.Headers.Authorization.ToString().StartsWith(Bearer, StringComparison.OrdinalIgnoreCase);

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (!HasBearer) return AuthenticateResult.NoResult();
        var secret = Request.Headers.Authorization.ToString()[Bearer.Length..].Trim();
        _shown = await door.ShowAsync(secret, ClientAddress.Of(Context), Context.RequestAborted);
        if (_shown.Refusal != TokenRefusal.None) return AuthenticateResult.Fail(_shown.Refusal.ToString());
        var identity = new ClaimsIdentity([.. _shown.Scopes!.Select(scope => new Claim(ScopeClaim, scope))], Scheme.Name);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Scheme.Name));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        // Somebody at a browser is led to the sign-in by the cookie's scheme.
        if (!HasBearer && Response.StatusCode == StatusCodes.Status302Found) return Task.CompletedTask;
        if (!HasBearer && Navigation.Is(Request))
        {
            Response.StatusCode = StatusCodes.Status401Unauthorized;
            return Task.CompletedTask;
        }

        Response.Headers.Remove("Location");
        Response.Headers.WWWAuthenticate = _shown is null ? "Bearer" : "Bearer error=\"invalid_token\"";
        if (_shown?.Refusal != TokenRefusal.TooManyFailures) return WriteAsync(StatusCodes.Status401Unauthorized, Describe());
        Response.Headers.RetryAfter = ((int)TokenDoor.Window.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        return WriteAsync(StatusCodes.Status429TooManyRequests, "Too many wrong access tokens came from this address. Correct the token and wait a minute.");
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        if (!HasBearer) return Task.CompletedTask;
        var wanted = Context.GetEndpoint()?.Metadata.GetMetadata<TokenScopeMetadata>()?.Scope;
        Response.Headers.WWWAuthenticate = $"Bearer error=\"insufficient_scope\", scope=\"{wanted}\"";
        if (wanted is not null && _shown?.Withheld?.Contains(wanted) == true)
            return WriteAsync(StatusCodes.Status403Forbidden, $"The access token {_shown.Name} has the scope {wanted}, but whoever made it may not use it any more. Somebody who may has to make one under /admin/tokens.");
        return WriteAsync(StatusCodes.Status403Forbidden, $"The access token {_shown?.Name} lacks the scope {wanted}. Make one that has it under /admin/tokens.");
    }

    private string Describe() => _shown switch
    {
        null => "An access token is needed: send the header \"Authorization: Bearer ba_...\". Tokens are made under /admin/tokens.",
        { Refusal: TokenRefusal.Expired } => $"The access token {_shown.Name} expired on {Date(_shown.EndedAt)}. Make a new one under /admin/tokens.",
        { Refusal: TokenRefusal.Revoked } => $"The access token {_shown.Name} was revoked on {Date(_shown.EndedAt)}. Make a new one under /admin/tokens.",
        { Refusal: TokenRefusal.OwnerClosed } => $"The access token {_shown.Name} belongs to a closed account. Somebody else has to make one under /admin/tokens.",
        _ => $"The access token in the header Authorization is not known. It begins with {TokenSecret.Start} and has {TokenSecret.Length} characters.",
    };

    private static string Date(DateTimeOffset? at) => at?.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture) ?? "";

    private Task WriteAsync(int status, string detail)
    {
        Response.StatusCode = status;
        return Response.WriteAsJsonAsync(
            new { status, title = ((System.Net.HttpStatusCode)status).ToString(), detail }, options: null, contentType: "application/problem+json", cancellationToken: Context.RequestAborted);
    }
}
