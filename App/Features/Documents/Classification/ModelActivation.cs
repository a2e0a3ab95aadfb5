using System.Globalization;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Documents.Classification;

/// <summary>Makes a model the one in use.</summary>
internal static class ModelActivation
{
    /// <summary>Inside the caller's transaction; documents that nobody labelled are asked about by a job.</summary>
    public static async Task Activate(AppDbContext db, Caller caller, Guid modelId, int number, DateTimeOffset now, CancellationToken cancel)
    {
        await db.Set<ClassifierModel>().Where(m => m.TenantId == caller.TenantId).ExecuteUpdateAsync(set => set.SetProperty(m => m.IsActive, m => m.Id == modelId), cancel);
        db.Enqueue(new ClassifyDocuments(modelId), caller, now, new EnqueueOptions
        {
            Subject = number.ToString(CultureInfo.InvariantCulture), SubjectUrl = $"/admin/documents/types?tab=model&model={modelId}", LimitKey = caller.TenantId.ToString("n"),
        });
    }
}
