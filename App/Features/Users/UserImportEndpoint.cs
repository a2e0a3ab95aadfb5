using BlazorAdmin.Security;
using BlazorAdmin.Shell.Lists;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Localization;
using Microsoft.Net.Http.Headers;

namespace BlazorAdmin.Features.Users;

/// <summary>The report of an import as a file.</summary>
internal static class UserImportEndpoint
{
    public static string AddressOf(Guid import) => $"/admin/users/import/{import}/report";

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/admin/users/import/{id:guid}/report", ReportAsync).RequireAuthorization(UsersPermissions.Manage);

    private static async Task<Results<EmptyHttpResult, NotFound>> ReportAsync(HttpContext http, Guid id, UserImports imports, IStringLocalizer<UsersTexts> texts)
    {
        try
        {
            if (await imports.ReportAsync(id, http.RequestAborted) is not { } report) return TypedResults.NotFound();
            var disposition = new ContentDispositionHeaderValue("attachment");
            disposition.SetHttpFileName(Path.GetFileNameWithoutExtension(report.FileName) + "-report.csv");
            http.Response.ContentType = "text/csv; charset=utf-8";
            http.Response.Headers.ContentDisposition = disposition.ToString();
            http.Response.Headers.CacheControl = "no-store";
            await ListExport.WriteCsv(report.Lines.ToAsyncEnumerable(), Columns(texts), http.Response.Body, http.RequestAborted);
            return TypedResults.Empty;
        }
        catch (ForbiddenException)
        {
            return TypedResults.NotFound();
        }
    }

    private static IReadOnlyList<ExportColumn<ImportLine>> Columns(IStringLocalizer<UsersTexts> texts) =>
    [
        new("line", texts["ImportLine"], line => line.Row.Line),
        new("name", texts["Name"], line => line.Row.Name),
        new("email", texts["Email"], line => line.Row.Email),
        new("roles", texts["Roles"], line => line.Row.Roles is { } roles ? string.Join(", ", roles) : null),
        new("result", texts["ImportThen"], line => texts[$"Import{line.Verdict.Act}"].Value),
        new("reason", texts["ImportWhy"], line => UserImportWords.Why(texts, line.Verdict)),
    ];
}
