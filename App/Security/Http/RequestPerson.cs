using System.Globalization;
using Microsoft.AspNetCore.Localization;

namespace BlazorAdmin.Security.Http;

/// <summary>After authentication: services of the request act for the person, and texts come in the person's language.</summary>
public sealed class RequestPerson(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext http, CurrentCaller caller)
    {
        caller.Use(http.User, ClientAddress.Of(http));
        if (http.Items[typeof(Access)] is Access { Preferences.Language: { } language } && Languages.Find(language) is { } culture)
        {
            CultureInfo.CurrentCulture = culture;
            CultureInfo.CurrentUICulture = culture;
            http.Features.Set<IRequestCultureFeature>(new RequestCultureFeature(new RequestCulture(culture), provider: null));
        }

        // A circuit's connection outlives what it may: there each event asks anew.
        if (http.Items[typeof(Access)] is Access { ReadOnly: { } reason } && !http.Request.Path.StartsWithSegments("/_blazor"))
            using (ReadOnlyFlow.Enter(reason)) await next(http);
        else await next(http);
    }
}
