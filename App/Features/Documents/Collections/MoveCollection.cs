using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Live;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Documents.Collections;

/// <summary>Moves everything in a collection, the bin included, into another one and deletes it; whoever asked for it has the audit row.</summary>
[JobType("documents.move_collection", Queue = "documents", Priority = 4, MaxAttempts = 5, TimeoutSeconds = 7_200, ByHand = false)]
public sealed record MoveCollection(Guid From, Guid To);

public sealed class MoveCollectionHandler(IDbContextFactory<AppDbContext> databases, TimeProvider time, Topic<CollectionsChanged> collections, Topic<DocumentChanged> documents) : IJobHandler<MoveCollection>
{
    private const int Part = 200;

    public async Task RunAsync(MoveCollection arguments, JobContext job, CancellationToken cancellation)
    {
        var moved = 0;
        while (await MovePart(arguments, cancellation) is > 0 and var part)
        {
            moved += part;
            job.Progress(50);
            job.Info($"{moved} documents moved.");
        }
        await using var db = await databases.CreateDbContextAsync(cancellation);
        using var answered = AuditScope.EngineOwn();
        if (await db.Set<Collection>().SingleOrDefaultAsync(c => c.Id == arguments.From, cancellation) is { } collection)
        {
            db.Remove(collection);
            await db.SaveChangesAsync(cancellation);
        }
        collections.Publish(new CollectionsChanged(arguments.From));
    }

    private async Task<int> MovePart(MoveCollection arguments, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var target = await db.Set<Collection>().AsNoTracking().SingleOrDefaultAsync(c => c.Id == arguments.To, cancel) ?? throw new JobFailedException("The other collection is gone.");
        var part = await db.Set<Document>().Where(d => d.TenantId == target.TenantId && d.CollectionId == arguments.From).OrderBy(d => d.CreatedAt).Take(Part).ToListAsync(cancel);
        if (part.Count == 0) return 0;
        using var answered = AuditScope.EngineOwn();
        foreach (var document in part) (document.CollectionId, document.Version) = (arguments.To, document.Version + (document.DeletedAt is null ? 1 : 0));
        await db.PostponeAsync(part, time.GetUtcNow(), 2, cancel);
        if (target.IsRestricted) await db.ForgetSubjectsAsync(target.TenantId, DocumentsService.JobArgument, [.. part.Select(d => d.Id.ToString())], cancel);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        foreach (var document in part) documents.Publish(new DocumentChanged(document.Id, document.OwnerId, document.Version));
        return part.Count;
    }
}
