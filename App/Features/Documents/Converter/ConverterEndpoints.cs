using BlazorAdmin.Features.Documents.Reading;
using BlazorAdmin.Security;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace BlazorAdmin.Features.Documents.Converter;

/// <summary>The bytes of the converter page, which a circuit must not carry.</summary>
internal static class ConverterEndpoints
{
    public const string Route = "/documents/converter";
    public const string FileNameHeader = "X-File-Name";

    public static void Map(IEndpointRouteBuilder routes)
    {
        // The middleware's check reads form bodies, and this body is a file.
        routes.MapPost(Route + "/{id:guid}", Start).RequireAuthorization(DocumentsPermissions.Manage).DisableAntiforgery();
        routes.MapGet(Route + "/{id:guid}/{form}", Download).RequireAuthorization(DocumentsPermissions.Manage);
    }

    private static async Task<IResult> Start(HttpContext http, Guid id, IAntiforgery antiforgery, ConverterService converter, IOptionsMonitor<ReadingOptions> options, IStringLocalizer<ConverterTexts> texts)
    {
        if (!await antiforgery.IsRequestValidAsync(http)) return Problem(texts["Stale"], StatusCodes.Status400BadRequest);
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } feature) feature.MaxRequestBodySize = null;
        try
        {
            await converter.Start(id, Uri.UnescapeDataString(http.Request.Headers[FileNameHeader].ToString()), http.Request.ContentLength, http.Request.Body, http.RequestAborted);
            return TypedResults.Json(new { id }, statusCode: StatusCodes.Status201Created);
        }
        catch (ConverterRefusedException refused)
        {
            return refused.Refusal switch
            {
                ConverterRefusal.TooLarge => Problem(texts["RefusedTooLarge", options.CurrentValue.MaxFileBytes >> 20], StatusCodes.Status413PayloadTooLarge),
                ConverterRefusal.DiskFull => Problem(texts["RefusedDiskFull"], StatusCodes.Status507InsufficientStorage),
                _ => Problem(texts["Refused" + refused.Refusal], StatusCodes.Status429TooManyRequests),
            };
        }
        catch (OperationCanceledException) when (!http.RequestAborted.IsCancellationRequested)
        {
            return Problem(texts["StoppedByYou"], StatusCodes.Status409Conflict);
        }
        catch (BadHttpRequestException broken)
        {
            return Problem(texts["Broken"], broken.StatusCode);
        }
        catch (ReadOnlyException refused)
        {
            return Problem(texts["ReadOnly" + refused.Reason], StatusCodes.Status403Forbidden);
        }
        catch (ForbiddenException)
        {
            return Problem(texts["Forbidden"], StatusCodes.Status403Forbidden);
        }
    }

    private static async Task<IResult> Download(HttpContext http, Guid id, string form, ConverterService converter)
    {
        try
        {
            if (form is not ("text" or "markdown") || await converter.Find(id, http.RequestAborted) is not { Result.Pages: { Count: > 0 } pages } run) return TypedResults.NotFound();
            var isMarkdown = form == "markdown";
            var disposition = new ContentDispositionHeaderValue("attachment");
            disposition.SetHttpFileName(Path.ChangeExtension(run.Name, isMarkdown ? ".md" : ".txt"));
            http.Response.Headers.ContentDisposition = disposition.ToString();
            http.Response.Headers.XContentTypeOptions = "nosniff";
            http.Response.Headers.ContentSecurityPolicy = "sandbox; default-src 'none'";
            http.Response.Headers.CacheControl = "private, no-store";
            return TypedResults.Stream(stream => Write(stream, pages, isMarkdown, http.RequestAborted), isMarkdown ? "text/markdown; charset=utf-8" : "text/plain; charset=utf-8");
        }
        catch (ForbiddenException)
        {
            return TypedResults.NotFound();
        }
    }

    private static async Task Write(Stream target, IReadOnlyList<PageText> pages, bool isMarkdown, CancellationToken cancel)
    {
        await using var writer = new StreamWriter(target, leaveOpen: true);
        for (var i = 0; i < pages.Count; i++)
        {
            cancel.ThrowIfCancellationRequested();
            if (i > 0) await writer.WriteAsync(isMarkdown ? "\n\n" : "\n\f\n");
            await writer.WriteAsync(isMarkdown ? pages[i].Markdown ?? pages[i].Text : pages[i].Text);
        }
    }

    private static IResult Problem(string words, int status) => TypedResults.Problem(words, statusCode: status);
}
