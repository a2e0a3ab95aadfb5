using BlazorAdmin.Features.Documents.Bin;
using BlazorAdmin.Features.Documents.Reading;
using BlazorAdmin.Features.Documents.Recognition;
using BlazorAdmin.Security;
using BlazorAdmin.Shell.Lists;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace BlazorAdmin.Features.Documents;

/// <summary>Uploads and downloads: what a circuit must not carry.</summary>
internal static class DocumentEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/documents/upload-token", Token).RequireAuthorization();
        routes.MapGet("/documents/{id:guid}/original", Original).RequireAuthorization();
        routes.MapGet("/documents/{id:guid}/text", Text).RequireAuthorization();
        routes.MapListExport("/admin/documents/retention/export", "documents-retention", GoingColumns, RetentionPreview.Defaults, (services, query, cancel) => services.GetRequiredService<RetentionPreview>().Export(query, cancel)).RequireAuthorization(DocumentsPermissions.Read);
        routes.MapListExport("/documents/shared/export", "documents", Columns, DocumentLists.Defaults, (services, query, cancel) => services.GetRequiredService<DocumentLibrary>().Export(DocumentScope.Shared, query, cancel)).RequireAuthorization(DocumentsPermissions.Own);
        routes.MapGet("/documents/{id:guid}/searchable", Searchable).RequireAuthorization();
        routes.MapGet("/documents/{id:guid}/pages/{number:int}/image", PageImage).RequireAuthorization();
        routes.MapListExport("/documents/export", "documents", Columns, DocumentLists.Defaults, (services, query, cancel) => services.GetRequiredService<DocumentLibrary>().Export(DocumentScope.Own, query, cancel)).RequireAuthorization(DocumentsPermissions.Own);
        routes.MapListExport("/admin/documents/export", "documents", Columns, DocumentLists.Defaults, (services, query, cancel) => services.GetRequiredService<DocumentLibrary>().Export(DocumentScope.All, query, cancel)).RequireAuthorization(DocumentsPermissions.Read);
    }

    /// <summary>The token that the upload must bring back; another site cannot read this answer.</summary>
    private static JsonHttpResult<UploadToken> Token(HttpContext http, IAntiforgery antiforgery, IOptionsMonitor<ReadingOptions> options)
    {
        var tokens = antiforgery.GetAndStoreTokens(http);
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Json(new UploadToken(tokens.HeaderName ?? "RequestVerificationToken", tokens.RequestToken ?? "", options.CurrentValue.MaxFileBytes));
    }

    private static async Task<Results<FileStreamHttpResult, NotFound>> Original(HttpContext http, Guid id, DocumentLibrary documents)
    {
        try
        {
            if (await documents.OpenOriginal(id, http.RequestAborted) is not { } content) return TypedResults.NotFound();
            Harden(http.Response, content.Name);
            return TypedResults.Stream(content.Stream, content.MediaType, enableRangeProcessing: true);
        }
        catch (ForbiddenException)
        {
            return TypedResults.NotFound();
        }
    }

    private static async Task<Results<FileStreamHttpResult, NotFound>> Searchable(HttpContext http, Guid id, DocumentLibrary documents)
    {
        try
        {
            if (await documents.OpenSearchable(id, http.RequestAborted) is not { } content) return TypedResults.NotFound();
            Harden(http.Response, content.Name);
            return TypedResults.Stream(content.Stream, content.MediaType, enableRangeProcessing: true);
        }
        catch (ForbiddenException)
        {
            return TypedResults.NotFound();
        }
    }

    /// <summary>A picture that the portal drew itself: shown in the page, its kind fixed, kept by nobody on the way.</summary>
    private static async Task<Results<FileContentHttpResult, NotFound>> PageImage(HttpContext http, Guid id, int number, int? width, PageImages images)
    {
        try
        {
            if (await images.Open(id, number, width ?? PageImages.UsualWidth, http.RequestAborted) is not { } image) return TypedResults.NotFound();
            Harden(http.Response);
            return TypedResults.Bytes(image, PageImages.MediaType);
        }
        catch (ForbiddenException)
        {
            return TypedResults.NotFound();
        }
    }

    private static async Task<Results<PushStreamHttpResult, NotFound>> Text(HttpContext http, Guid id, DocumentLibrary documents)
    {
        try
        {
            if (await documents.OpenText(id, http.RequestAborted) is not { } text) return TypedResults.NotFound();
            Harden(http.Response, text.Name);
            return TypedResults.Stream(stream => text.Write(stream, http.RequestAborted), "text/plain; charset=utf-8");
        }
        catch (ForbiddenException)
        {
            return TypedResults.NotFound();
        }
    }

    /// <summary>A stored file is never shown by the browser in the portal's own origin, whatever it says it is.</summary>
    private static void Harden(HttpResponse response, string name)
    {
        var disposition = new ContentDispositionHeaderValue("attachment");
        disposition.SetHttpFileName(name);
        response.Headers.ContentDisposition = disposition.ToString();
        Harden(response);
    }

    private static void Harden(HttpResponse response)
    {
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.ContentSecurityPolicy = "sandbox; default-src 'none'";
        response.Headers.CacheControl = "private, no-store";
    }

    private static IReadOnlyList<ExportColumn<DocumentRow>> Columns(IServiceProvider services)
    {
        var texts = services.GetRequiredService<IStringLocalizer<DocumentsTexts>>();
        return
        [
            new("name", texts["Name"], row => row.Name),
            new("state", texts["State"], row => DocumentWords.State(texts, row).Word),
            new("reason", texts["Reason"], row => DocumentWords.Reason(texts, DocumentLibrary.Reason(row.ReasonKey, row.ReasonArguments))),
            new("type", texts["Type"], row => row.Type?.ToString()),
            new("pages", texts["Pages"], row => row.Pages),
            new("size", texts["Size"], row => row.Size),
            new("owner", texts["Owner"], row => row.Owner),
            new("kind", texts["Kind"], row => row.Kind),
            new("collection", texts["Collection"], row => row.Collection),
            new("quality", texts["Quality"], row => row.Quality),
            new("findings", texts["Findings"], row => row.Findings),
            new("keep", texts["KeepUntil"], row => row.KeepUntil),
            new("created", texts["Added"], row => row.CreatedAt),
        ];
    }

    private static IReadOnlyList<ExportColumn<GoingRow>> GoingColumns(IServiceProvider services)
    {
        var texts = services.GetRequiredService<IStringLocalizer<LibraryTexts>>();
        return
        [
            new("name", texts["Name"], row => row.Name),
            new("collection", texts["Collection"], row => row.Collection),
            new("owner", texts["Owner"], row => row.Owner),
            new("created", texts["Added"], row => row.CreatedAt),
            new("goes", texts["GoesAt"], row => row.GoesAt),
        ];
    }

    internal sealed record UploadToken(string Header, string Token, long MaxBytes);
}
