using Microsoft.AspNetCore.Localization;

namespace BlazorAdmin.Shell;

/// <summary>The stored language of somebody who is signed in on a browser that does not know it yet; the cookie answers before it, the browser's wish after it.</summary>
public sealed class PersonCultureProvider : RequestCultureProvider
{
    public override async Task<ProviderCultureResult?> DetermineProviderCultureResult(HttpContext httpContext)
    {
        if (httpContext.User.Identity?.IsAuthenticated != true) return null;
        var preferences = await httpContext.RequestServices.GetRequiredService<PreferenceStore>().ReadAsync(httpContext.RequestAborted);
        return preferences?.Language is { } language ? new ProviderCultureResult(language) : null;
    }
}
