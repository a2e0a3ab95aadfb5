using System.Globalization;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Documents.Classification;

/// <summary>Makes a model the one in use.</summary>
internal static class ModelActivation
{
    /// <summary>Inside the caller's transaction; documents that nobody labelled are asked about by a job.</summary>
    /// <returns>False: the model is not there, or not built; then the caller must not commit.</returns>
    public static async Task<bool> Activate(AppDbContext db, Caller caller, Guid modelId, int number, DateTimeOffset now, CancellationToken cancel)
    {
        var mine = db.Set<ClassifierModel>().Where(m => m.TenantId == caller.TenantId);
        // All in one statement, so that two that activate different models take the rows in the same order.
        await mine.ExecuteUpdateAsync(set => set.SetProperty(m => m.IsActive, m => m.Id == modelId), cancel);
        // Held now, or deleted in this moment: then the one before must stay active.
        if (!await mine.AnyAsync(m => m.Id == modelId && m.IsActive && m.State == ModelState.Ready, cancel)) return false;
        db.Enqueue(new ClassifyDocuments(modelId), caller, now, new EnqueueOptions
        {
            Subject = number.ToString(CultureInfo.InvariantCulture), SubjectUrl = $"/admin/documents/types?tab=model&model={modelId}", LimitKey = caller.TenantId.ToString("n"),
        });
        return true;
    }
}
