using BlazorAdmin.Features.Account;

namespace BlazorAdmin.Security.Http;

/// <summary>Until the first administrator exists every page leads to <c>/setup</c>; afterwards <c>/setup</c> leads away.</summary>
public sealed class SetupRedirect(RequestDelegate next, SetupState setup)
{
    public async Task InvokeAsync(HttpContext http)
    {
        if (AlwaysServed.Is(http) || http.Request.Path == "/account/language")
        {
            await next(http);
            return;
        }

        var isSetup = http.Request.Path.StartsWithSegments("/setup");
        var needed = await setup.IsNeededAsync(http.RequestAborted);
        if (needed == isSetup) await next(http);
        else if (!needed) http.Response.Redirect("/");
        else if (Navigation.Is(http.Request)) http.Response.Redirect("/setup");
        else http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
    }
}

public static class Navigation
{
    /// <summary>True if a browser opens a page, rather than a script, a download tool or a probe asking.</summary>
    public static bool Is(HttpRequest request) =>
        (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        && request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);
}
