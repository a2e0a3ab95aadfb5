using System.Globalization;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Documents.Collections;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Documents.Bin;

/// <summary>Every night: moves what is past its own day into the bin, and plans for the next night what is past the rule of its collection.</summary>
[JobType("documents.retention", Queue = "documents", Priority = 3, MaxAttempts = 3, TimeoutSeconds = 7_200)]
public sealed record ApplyRetention;

/// <summary>
/// Moves into the bin what was past the rule of a collection a day ago already: whoever looked at the preview since could postpone it.
/// A rule that was changed since is not carried out.
/// </summary>
/// <param name="PlannedAt">Only what came in so many days before this.</param>
[JobType("documents.retention_rule", Queue = "documents", Priority = 3, MaxAttempts = 3, TimeoutSeconds = 7_200, ByHand = false)]
public sealed record ApplyRetentionRule(Guid CollectionId, int Days, DateTimeOffset PlannedAt);

/// <summary>Moves a part of what is past its time into the bin; the portal answers for it with one audit row a part.</summary>
public sealed class RetentionMover(IDbContextFactory<AppDbContext> databases, DocumentsService documents)
{
    private const int Part = 200;

    public async Task<int> MoveAsync(Guid tenant, Func<AppDbContext, IQueryable<Document>, IQueryable<Document>> due, object detail, JobContext job, CancellationToken cancel)
    {
        var (moved, caller) = (0, Caller.Portal with { TenantId = tenant });
        while (true)
        {
            await using var db = await databases.CreateDbContextAsync(cancel);
            await using var transaction = await db.Database.BeginTransactionAsync(cancel);
            var found = due(db, db.Set<Document>().Where(d => d.TenantId == tenant));
            var ids = await found.OrderBy(d => d.Id).Select(d => d.Id).Take(Part).ToListAsync(cancel);
            if (ids.Count == 0) return moved;
            await db.HoldAsync(db.Set<Document>().Where(d => ids.Contains(d.Id)), cancel);
            // Somebody may have postponed some of them, or moved them out of the collection, in this moment.
            var part = await found.Where(d => ids.Contains(d.Id)).ToListAsync(cancel);
            if (part.Count == 0) continue;
            await documents.DeleteAsync(db, caller, null, part, versions: true, cancel);
            db.Audit(caller, "documents.retention", "document", detail: new { rule = detail, ids = part.Select(d => d.Id) }, count: part.Count);
            documents.TellAfterCommit(db, part);
            await db.SaveChangesAsync(cancel);
            await transaction.CommitAsync(cancel);
            moved += part.Count;
            job.Info($"{moved.ToString(CultureInfo.InvariantCulture)} documents went into the bin.");
        }
    }
}

public sealed class ApplyRetentionHandler(IDbContextFactory<AppDbContext> databases, RetentionMover mover, TimeProvider time) : IJobHandler<ApplyRetention>
{
    private static readonly TimeSpan Notice = TimeSpan.FromDays(1);

    public async Task RunAsync(ApplyRetention arguments, JobContext job, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        List<Collection> rules;
        List<Guid> tenants;
        await using (var db = await databases.CreateDbContextAsync(cancellation))
        {
            rules = await db.Set<Collection>().AsNoTracking().Where(c => c.RetentionDays != null).ToListAsync(cancellation);
            tenants = await db.Set<Document>().Where(d => d.KeepUntil != null && d.KeepUntil <= now && d.DeletedAt == null).Select(d => d.TenantId).Distinct().ToListAsync(cancellation);
        }
        // Nobody can set a day that is less than a day away, so these stood in the preview.
        foreach (var tenant in tenants) await mover.MoveAsync(tenant, (db, documents) => Retention.ByDate(db, documents, now), "date", job, cancellation);
        await using var plan = await databases.CreateDbContextAsync(cancellation);
        foreach (var rule in rules.OrderBy(c => c.Id))
        {
            var days = rule.RetentionDays!.Value;
            if (!await Retention.ByRule(plan, plan.Set<Document>().Where(d => d.TenantId == rule.TenantId), rule.Id, days, now).AnyAsync(cancellation)) continue;
            plan.Enqueue(new ApplyRetentionRule(rule.Id, days, now), Caller.Portal with { TenantId = rule.TenantId }, now, new EnqueueOptions
            {
                DueAt = now + Notice,
                IdempotencyKey = $"documents.retention/{rule.Id}/{now.UtcDateTime.ToString("yyyyMMdd", CultureInfo.InvariantCulture)}/{job.JobId.ToString(CultureInfo.InvariantCulture)}",
            });
        }
        await plan.SaveChangesAsync(cancellation);
    }
}

public sealed class ApplyRetentionRuleHandler(IDbContextFactory<AppDbContext> databases, RetentionMover mover) : IJobHandler<ApplyRetentionRule>
{
    public async Task RunAsync(ApplyRetentionRule arguments, JobContext job, CancellationToken cancellation)
    {
        Collection? rule;
        await using (var db = await databases.CreateDbContextAsync(cancellation))
            rule = await db.Set<Collection>().AsNoTracking().SingleOrDefaultAsync(c => c.Id == arguments.CollectionId && c.RetentionDays == arguments.Days, cancellation);
        if (rule is null)
        {
            job.Info("The rule was changed meanwhile; the new one is planned by the next night.");
            return;
        }
        await mover.MoveAsync(rule.TenantId, (db, documents) => Retention.ByRule(db, documents, rule.Id, arguments.Days, arguments.PlannedAt), new { collection = rule.Id, days = arguments.Days }, job, cancellation);
    }
}
