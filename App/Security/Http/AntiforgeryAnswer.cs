using BlazorAdmin.Shell.Errors;
using Microsoft.AspNetCore.Antiforgery;

namespace BlazorAdmin.Security.Http;

/// <summary>A form that is too old or from another sign-in is refused with a page that says what to do.</summary>
public sealed class AntiforgeryAnswer(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext http) => http.Features.Get<IAntiforgeryValidationFeature>() is { IsValid: false }
        ? StatusPage.WriteAsync(http, StatusCodes.Status400BadRequest, "FormTooOld")
        : next(http);
}
