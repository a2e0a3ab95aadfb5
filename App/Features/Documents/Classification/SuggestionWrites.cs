using BlazorAdmin.Data;

namespace BlazorAdmin.Features.Documents.Classification;

/// <summary>Keeps what a model says. What a person said is never written over: the update itself looks.</summary>
internal static class SuggestionWrites
{
    /// <returns>Whether the document took it; not when the type was removed meanwhile.</returns>
    public static async Task<bool> Write(AppDbContext db, Guid documentId, Suggestion suggestion, CancellationToken cancel)
    {
        var (type, confidence, model) = (suggestion.TypeId, suggestion.Confidence, suggestion.ModelId);
        Guid? given = suggestion.Sure ? type : null;
        TypeSource? source = suggestion.Sure ? TypeSource.Model : null;
        return await db.Set<Document>().Where(d => d.Id == documentId && db.Set<DocumentType>().Any(t => t.Id == type && t.TenantId == d.TenantId)).ExecuteUpdateAsync(set => set
            .SetProperty(d => d.SuggestedTypeId, type)
            .SetProperty(d => d.SuggestedConfidence, confidence)
            .SetProperty(d => d.SuggestedByModelId, model)
            .SetProperty(d => d.TypeId, d => d.TypeSource == TypeSource.Person ? d.TypeId : given)
            .SetProperty(d => d.TypeSource, d => d.TypeSource == TypeSource.Person ? d.TypeSource : source)
            .SetProperty(d => d.Version, d => d.DeletedAt == null ? d.Version + 1 : d.Version), cancel) > 0;
    }

    /// <summary>After another threshold was set: what is sure now gets its type, what is not any more loses it.</summary>
    public static async Task Apply(AppDbContext db, Guid tenant, Guid modelId, double threshold, CancellationToken cancel)
    {
        var documents = db.Set<Document>().Where(d => d.TenantId == tenant && d.SuggestedByModelId == modelId);
        await documents.Where(d => d.TypeSource == TypeSource.Model && (threshold >= 1 || d.SuggestedConfidence < threshold)).ExecuteUpdateAsync(set => set
            .SetProperty(d => d.TypeId, (Guid?)null).SetProperty(d => d.TypeSource, (TypeSource?)null).SetProperty(d => d.Version, d => d.DeletedAt == null ? d.Version + 1 : d.Version), cancel);
        if (threshold >= 1) return;
        await documents.Where(d => d.TypeSource == null && d.TypeId == null && d.SuggestedTypeId != null && d.SuggestedConfidence >= threshold).ExecuteUpdateAsync(set => set
            .SetProperty(d => d.TypeId, d => d.SuggestedTypeId).SetProperty(d => d.TypeSource, TypeSource.Model).SetProperty(d => d.Version, d => d.DeletedAt == null ? d.Version + 1 : d.Version), cancel);
    }
}
