namespace BlazorAdmin.Security.Http;

/// <summary>Whose role demands a second factor and who has none is led to set one up; until then only the account pages open.</summary>
public sealed class FactorGate(RequestDelegate next)
{
    /// <summary>Where it is set up.</summary>
    public const string Path = "/account/security";

    public Task InvokeAsync(HttpContext http)
    {
        if (http.Items[typeof(Access)] is not Access { LacksFactor: true } || http.Request.Path.StartsWithSegments("/account") || AlwaysServed.Is(http)) return next(http);
        if (Navigation.Is(http.Request) && !http.Request.Path.StartsWithSegments("/_blazor")) http.Response.Redirect(Path);
        else http.Response.StatusCode = StatusCodes.Status403Forbidden;
        return Task.CompletedTask;
    }
}
