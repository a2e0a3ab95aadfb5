using BlazorAdmin.Features.Account.Pages;

namespace BlazorAdmin.Features.Account.PersonalData;

/// <summary>The download of <see cref="AccountExport"/>.</summary>
internal static class ExportEndpoint
{
    public static async Task<IResult> DownloadAsync(HttpContext http, AccountExport export)
    {
        var (fresh, content) = await export.OpenAsync(http.RequestAborted);
        if (!fresh) return Results.LocalRedirect(ConfirmPage.AddressOf(AccountExport.Page));
        if (content is null) return Results.LocalRedirect(AccountExport.Page);
        http.Response.Headers.CacheControl = "private, no-store";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.Headers.ContentSecurityPolicy = "sandbox; default-src 'none'";
        return Results.Stream(content, "application/zip", "my-data.zip");
    }
}
