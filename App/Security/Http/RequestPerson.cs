using System.Globalization;
using Microsoft.AspNetCore.Localization;

namespace BlazorAdmin.Security.Http;

/// <summary>After authentication: services of the request act for the person, and texts come in the person's language.</summary>
public sealed class RequestPerson(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext http, CurrentCaller caller)
    {
        caller.Use(http.User, ClientAddress.Of(http));
        if (http.Items[typeof(Access)] is Access { Preferences.Language: { } language } && Languages.Find(language) is { } culture)
        {
            CultureInfo.CurrentCulture = culture;
            CultureInfo.CurrentUICulture = culture;
            http.Features.Set<IRequestCultureFeature>(new RequestCultureFeature(new RequestCulture(culture), provider: null));
        }

        return next(http);
    }
}
