using System.Text.Json;
using BlazorAdmin.Security;
using BlazorAdmin.Shell;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace BlazorAdmin.Features.Drafts;

/// <summary>
/// What js/drafts.js asks. Requests of their own instead of calls over the circuit: what is typed while the circuit is lost is
/// kept too, and forms of static pages have none.
/// </summary>
internal static class DraftEndpoints
{
    // A field that grows in JSON (quotes, line feeds) must still arrive, to be told that it is too much.
    private const int MostBody = 4 * DraftStore.MostBytes;

    /// <summary>For whom the page that asks was drawn; another tab of the browser may have signed somebody else in since.</summary>
    private const string PersonHeader = "Portal-Person";

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/drafts", OfPage).RequireAuthorization();
        routes.MapGet("/drafts/form", OfForm).RequireAuthorization();
        routes.MapPost("/drafts", Save).RequireAuthorization().DisableAntiforgery();
        routes.MapDelete("/drafts", Remove).RequireAuthorization().DisableAntiforgery();
    }

    /// <summary>The drafts of a page, and the token that whoever saves one must bring back; another site cannot read this answer.</summary>
    private static async Task<Results<JsonHttpResult<PageDrafts>, StatusCodeHttpResult>> OfPage(HttpContext http, [FromQuery] string page, DraftStore drafts, Guard guard, PreferenceStore preferences, Display display, IAntiforgery antiforgery)
    {
        if (await IsOfAnotherAsync(http, guard)) return TypedResults.StatusCode(StatusCodes.Status403Forbidden);
        var tokens = antiforgery.GetAndStoreTokens(http);
        http.Response.Headers.CacheControl = "no-store";
        var found = await drafts.OfPageAsync(page, http.RequestAborted);
        if (found.Count > 0) await UseZoneAsync(http, preferences, display);
        return TypedResults.Json(new PageDrafts(tokens.HeaderName ?? "RequestVerificationToken", tokens.RequestToken ?? "",
            [.. found.Select(d => new WaitingDraft(d.Form, d.Content.Title, d.Content.Url, d.Content.Through, display.DateTime(d.SavedAt)))]));
    }

    private static async Task<Results<JsonHttpResult<FormDraft>, NoContent, StatusCodeHttpResult>> OfForm(HttpContext http, [FromQuery] string form, DraftStore drafts, Guard guard, PreferenceStore preferences, Display display)
    {
        if (await IsOfAnotherAsync(http, guard)) return TypedResults.StatusCode(StatusCodes.Status403Forbidden);
        http.Response.Headers.CacheControl = "no-store";
        if (await drafts.FindAsync(form, http.RequestAborted) is not { } draft) return TypedResults.NoContent();
        await UseZoneAsync(http, preferences, display);
        return TypedResults.Json(new FormDraft(draft.Content.Fields, display.DateTime(draft.SavedAt)));
    }

    /// <summary>400 asks for a new token and nothing else: what would be refused with any token has another status.</summary>
    private static async Task<StatusCodeHttpResult> Save(HttpContext http, DraftStore drafts, Guard guard, IAntiforgery antiforgery)
    {
        // Not the middleware's check: that one reads form bodies.
        if (!await antiforgery.IsRequestValidAsync(http)) return TypedResults.StatusCode(StatusCodes.Status400BadRequest);
        if (await IsOfAnotherAsync(http, guard)) return TypedResults.StatusCode(StatusCodes.Status403Forbidden);
        if (http.Request.ContentLength > MostBody) return TypedResults.StatusCode(StatusCodes.Status413PayloadTooLarge);
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } feature) feature.MaxRequestBodySize = MostBody;
        try
        {
            if (await http.Request.ReadFromJsonAsync<SavedDraft>(JsonSerializerOptions.Web, http.RequestAborted) is not { Form: { } form, Content: { Title: not null, Url: not null, Fields: not null } content })
                return TypedResults.StatusCode(StatusCodes.Status422UnprocessableEntity);
            return TypedResults.StatusCode(await drafts.SaveAsync(form, content, http.RequestAborted) switch
            {
                DraftOutcome.Kept => StatusCodes.Status204NoContent,
                DraftOutcome.TooLarge => StatusCodes.Status413PayloadTooLarge,
                _ => StatusCodes.Status422UnprocessableEntity,
            });
        }
        catch (BadHttpRequestException exception)
        {
            return TypedResults.StatusCode(exception.StatusCode == StatusCodes.Status400BadRequest ? StatusCodes.Status422UnprocessableEntity : exception.StatusCode);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException { InnerException: null })
        {
            return TypedResults.StatusCode(StatusCodes.Status422UnprocessableEntity);
        }
    }

    private static async Task<StatusCodeHttpResult> Remove(HttpContext http, [FromQuery] string form, DraftStore drafts, Guard guard, IAntiforgery antiforgery)
    {
        if (!await antiforgery.IsRequestValidAsync(http)) return TypedResults.StatusCode(StatusCodes.Status400BadRequest);
        if (await IsOfAnotherAsync(http, guard)) return TypedResults.StatusCode(StatusCodes.Status403Forbidden);
        await drafts.RemoveAsync(form, http.RequestAborted);
        return TypedResults.StatusCode(StatusCodes.Status204NoContent);
    }

    // Who reads without saying for whom gets their own; who writes says it.
    private static async Task<bool> IsOfAnotherAsync(HttpContext http, Guard guard)
    {
        if (http.Request.Headers[PersonHeader] is { Count: 1 } named) return !Guid.TryParse(named, out var person) || person != (await guard.RequireSignedIn(http.RequestAborted)).UserId;
        return !HttpMethods.IsGet(http.Request.Method);
    }

    private static async Task UseZoneAsync(HttpContext http, PreferenceStore preferences, Display display)
    {
        var chosen = (await preferences.ReadAsync(http.RequestAborted))?.TimeZone;
        display.UseZone(chosen ?? PreferenceCookies.Read(http.Request.Cookies).TimeZone);
    }

    internal sealed record PageDrafts(string Header, string Token, IReadOnlyList<WaitingDraft> Drafts);

    /// <param name="Saved">When it was kept, in the person's zone and language.</param>
    internal sealed record WaitingDraft(string Form, string Title, string Url, string? Through, string Saved);

    internal sealed record FormDraft(IReadOnlyDictionary<string, DraftField> Fields, string Saved);

    internal sealed record SavedDraft(string? Form, DraftContent? Content);
}
