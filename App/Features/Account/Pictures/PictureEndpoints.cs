using Microsoft.AspNetCore.Http.Metadata;

namespace BlazorAdmin.Features.Account.Pictures;

/// <summary>Upload by a plain form, and the picture itself at an address that changes with it.</summary>
internal static class PictureEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/account/picture", SaveAsync).WithMetadata(new Microsoft.AspNetCore.Antiforgery.RequireAntiforgeryTokenAttribute(), new UploadLimit()).RequireAuthorization();
        routes.MapGet("/people/{id:guid}/picture/{hash:length(64)}", FindAsync).RequireAuthorization();
    }

    private static async Task<IResult> SaveAsync(HttpContext http, PictureService pictures)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        if (form.ContainsKey("Remove"))
        {
            await pictures.RemoveAsync(http.RequestAborted);
            return Results.LocalRedirect("/account?picture=removed");
        }

        if (form.Files.GetFile("Picture") is not { Length: > 0 } file) return Results.LocalRedirect("/account?picture=missing");
        if (file.Length > PictureFile.MostBytes) return Results.LocalRedirect("/account?picture=toolarge");
        using var bytes = new MemoryStream((int)file.Length);
        await file.CopyToAsync(bytes, http.RequestAborted);
        var fault = await pictures.SaveAsync(bytes.ToArray(), http.RequestAborted);
        return Results.LocalRedirect($"/account?picture={(fault == PictureFault.None ? "saved" : fault.ToString().ToLowerInvariant())}");
    }

    private static async Task<IResult> FindAsync(Guid id, string hash, HttpContext http, PictureService pictures)
    {
        if (await pictures.FindAsync(id, hash, http.RequestAborted) is not var (data, type)) return Results.NotFound();
        http.Response.Headers.CacheControl = "private, max-age=31536000, immutable";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.Headers.ContentSecurityPolicy = "sandbox; default-src 'none'";
        return Results.File(data, type, "picture");
    }

    // The picture and the rest of the form; more is not read at all.
    private sealed class UploadLimit : IRequestSizeLimitMetadata
    {
        public long? MaxRequestBodySize => PictureFile.MostBytes + (64 << 10);
    }
}
