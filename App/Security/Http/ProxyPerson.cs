using System.Security.Claims;
using BlazorAdmin.Features.Account;
using BlazorAdmin.Features.Directories;

namespace BlazorAdmin.Security.Http;

/// <summary>
/// After authentication: a sign-in that a trusted proxy vouched for holds only while each request carries the same name, circuits
/// included; another name, or none, ends it. Who opens a page without a sign-in is signed in by the proxy's name.
/// </summary>
public sealed class ProxyPerson(RequestDelegate next)
{
    /// <summary>In the query of the sign-in page: the page itself, for people with a password of the portal.</summary>
    public const string Local = "local";

    public async Task InvokeAsync(HttpContext http, ProxySignIn signIns)
    {
        if (AlwaysServed.Is(http))
        {
            await next(http);
            return;
        }

        var identity = http.Features.Get<ProxyIdentity>();
        if (http.Items[typeof(Access)] is Access { Method: SignInMethod.Proxy } access && access.ProxyName != identity?.Name)
        {
            await signIns.EndAsync(access, ClientAddress.Of(http), http.RequestAborted);
            http.User = new ClaimsPrincipal(new ClaimsIdentity());
            http.Items.Remove(typeof(Access));
            await SessionCookie.DeleteAsync(http);
        }

        if (identity is not null && http.User.Identity?.IsAuthenticated != true && Begins(http.Request)) await BeginAsync(http, identity, signIns);
        await next(http);
    }

    private static async Task BeginAsync(HttpContext http, ProxyIdentity identity, ProxySignIn signIns)
    {
        var (outcome, session) = await signIns.BeginAsync(identity, SignInPlace.Of(http), http.RequestAborted);
        if (session is null)
        {
            http.Features.Set(new ProxyRefusal(identity.Name, outcome));
            return;
        }

        await SessionCookie.WriteAsync(http, session);
        // Without a redirect, so that a browser that keeps no cookie is not sent round in circles.
        http.User = SessionCookie.Principal(session);
        http.Items[typeof(Access)] = await http.RequestServices.GetRequiredService<AccessRegistry>().GetAsync(session.Id, http.RequestAborted);
    }

    // Pages only, and none of those on which somebody signs in another way.
    private static bool Begins(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) && Navigation.Is(request) && !request.Path.StartsWithSegments("/_blazor") && !request.Path.StartsWithSegments("/setup")
        && !request.Path.StartsWithSegments("/account/link") && !request.Path.StartsWithSegments("/account/session-changed")
        && (!request.Path.StartsWithSegments("/account/login", out var rest) || (!rest.HasValue && !request.Query.ContainsKey(Local)));
}

/// <summary>Why the proxy's name was not enough, for the sign-in page.</summary>
public sealed record ProxyRefusal(string Name, EntryOutcome Outcome);
