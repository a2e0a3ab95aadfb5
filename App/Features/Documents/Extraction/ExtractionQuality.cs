using System.Text.Json;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Documents.Extraction;

/// <param name="Documents">Judged documents that it was measured on.</param>
public sealed record QualityReport(DateTimeOffset At, int Documents, IReadOnlyList<MeasuredRow> Rows);

/// <summary>The latest figures of the extraction, and the command to measure anew.</summary>
public sealed class ExtractionQuality(Guard guard, IDbContextFactory<AppDbContext> databases, TimeProvider time)
{
    /// <returns>Null: never measured.</returns>
    public async Task<QualityReport?> Latest(CancellationToken cancel)
    {
        var caller = await guard.Require(DocumentsPermissions.Read, cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        var report = await db.Set<ExtractionReport>().AsNoTracking().Where(one => one.TenantId == caller.TenantId).OrderByDescending(one => one.CreatedAt).FirstOrDefaultAsync(cancel);
        return report is null ? null : new QualityReport(report.CreatedAt, report.Documents, JsonSerializer.Deserialize<List<MeasuredRow>>(report.Result) ?? []);
    }

    public async Task Measure(CancellationToken cancel)
    {
        var caller = await guard.RequireChange(DocumentsPermissions.Manage, cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        db.Enqueue(new MeasureExtraction(caller.TenantId), caller, time.GetUtcNow(), new EnqueueOptions { SubjectUrl = "/admin/documents/rules?tab=quality" });
        db.Audit(caller, "documents.measure");
        await db.SaveChangesAsync(cancel);
    }
}
