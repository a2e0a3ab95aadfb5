using System.Globalization;
using System.Text.Json;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Documents.Reading;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Live;

namespace BlazorAdmin.Features.Documents.Extraction;

/// <summary>Runs the extraction anew on every judged document and keeps how well it did.</summary>
public sealed class MeasureExtractionHandler(IDbContextFactory<AppDbContext> databases, TimeProvider time, Topic<RulesChanged> changes) : IJobHandler<MeasureExtraction>
{
    public async Task RunAsync(MeasureExtraction arguments, JobContext job, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var tenant = arguments.TenantId;
        var rules = (await db.Set<ExtractionRule>().AsNoTracking().Where(rule => rule.TenantId == tenant && rule.IsEnabled).ToListAsync(cancellation)).ConvertAll(OwnRule.Of);
        var ids = await db.Set<Document>().Where(document => document.TenantId == tenant && document.DeletedAt == null
                && (db.Set<EntityMention>().Any(mention => mention.DocumentId == document.Id && mention.State != MentionState.Found) || db.Set<DocumentField>().Any(field => field.DocumentId == document.Id && field.ByPerson)))
            .OrderBy(document => document.Id).Select(document => document.Id).ToListAsync(cancellation);
        var meter = new ExtractionMeter();
        for (var i = 0; i < ids.Count; i++)
        {
            var id = ids[i];
            var judged = await db.Set<EntityMention>().AsNoTracking().Where(mention => mention.DocumentId == id && mention.State != MentionState.Found && mention.Start >= 0).ToListAsync(cancellation);
            var said = await db.Set<DocumentField>().AsNoTracking().Where(field => field.DocumentId == id && field.ByPerson).ToDictionaryAsync(field => field.Name, field => field.Value, cancellation);
            meter.Add(await DocumentExtraction.Pages(db, id, cancellation), rules, [.. judged.Select(mention => new JudgedEntity(DocumentExtraction.Entity(mention), mention.State != MentionState.Rejected))], said, cancellation);
            job.Progress(100.0 * (i + 1) / ids.Count, new ReadReason("ExtractProgress", (i + 1).ToString(CultureInfo.InvariantCulture), ids.Count.ToString(CultureInfo.InvariantCulture)).ToString());
        }
        var report = new ExtractionReport { Id = Guid.CreateVersion7(), TenantId = tenant, CreatedAt = time.GetUtcNow(), Documents = ids.Count, Result = JsonSerializer.Serialize(meter.Rows) };
        db.Add(report);
        db.AfterCommit(() => changes.Publish(new RulesChanged(report.Id)));
        await db.SaveChangesAsync(cancellation);
        job.Info($"{ids.Count} judged documents.");
    }
}
