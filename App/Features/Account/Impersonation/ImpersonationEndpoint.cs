using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Account.Impersonation;

/// <summary>The form post of the banner that ends looking as somebody else.</summary>
internal static class ImpersonationEndpoint
{
    public static async Task<IResult> EndAsync(HttpContext http, ImpersonationService impersonation, ReturnCookie cookie)
    {
        // Of another session, for instance one that was looked from before: it opens nothing here.
        var back = cookie.Read(http) is { } read && read.SessionId == SessionCookie.SessionIdOf(http.User) ? read : null;
        var own = await impersonation.EndAsync(back, http.RequestAborted);
        cookie.Delete(http);
        if (own is null)
        {
            if (http.Items[typeof(Access)] is not Access { Impersonator: null }) await SessionCookie.DeleteAsync(http);
            return Results.LocalRedirect("/account/login?reason=signedout");
        }

        await SessionCookie.WriteAsync(http, own);
        return Results.LocalRedirect("/admin/users");
    }
}
