using BlazorAdmin.Data;
using BlazorAdmin.Features.Documents.Validation;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Features.Jobs.Rules;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Documents.Extraction;

/// <summary>The job that goes over the documents when a rule changed.</summary>
internal static class RuleJobs
{
    /// <summary>Commits with the change. One pass that waits serves all changes that come before it begins.</summary>
    /// <param name="type">Only documents of this type; null: of every type.</param>
    public static async Task Extract(AppDbContext db, JobQueue queue, Caller caller, Guid? type, bool onlyValidate, string subject, CancellationToken cancel)
    {
        if (!await db.Set<Document>().AnyAsync(document => document.TenantId == caller.TenantId && document.DeletedAt == null, cancel)) return;
        await queue.EnqueueUniqueAsync(db, new ExtractDocuments(caller.TenantId, [], type, onlyValidate), caller, $"documents.extract/{(onlyValidate ? "validate" : "all")}/{type:n}", UniqueUntil.Started,
            options: new EnqueueOptions { Subject = subject, SubjectUrl = "/admin/documents/rules", LimitKey = $"{caller.TenantId:n}" }, cancellation: cancel);
    }

    /// <summary>Documents got another type: where rules ask for the type, a job finds out which hold now. Commits with the change.</summary>
    public static async Task ValidateAgain(AppDbContext db, Caller caller, IReadOnlyCollection<Guid> documents, DateTimeOffset now, CancellationToken cancel)
    {
        if (documents.Count == 0 || !await db.Set<ValidationRule>().AnyAsync(rule => rule.TenantId == caller.TenantId && rule.IsEnabled && rule.TypeId != null, cancel)) return;
        db.Enqueue(new ExtractDocuments(caller.TenantId, [.. documents], null, OnlyValidate: true), caller, now, new EnqueueOptions { SubjectUrl = "/admin/documents/rules", LimitKey = LimitOfSome(caller) });
    }

    /// <summary>Jobs about some documents do not wait for a pass over all.</summary>
    public static string LimitOfSome(Caller caller) => $"{caller.TenantId:n}/some";
}
