using System.Text.Json;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Documents.Reading;
using BlazorAdmin.Features.Documents.Validation;

namespace BlazorAdmin.Features.Documents.Extraction;

/// <summary>
/// Extracts and validates a document in the transaction of whoever calls: with the pages of a reading, with a correction, or by the job.
/// Whoever calls has changed the document's row in that transaction, so that two of them wait for each other. What people said stays.
/// </summary>
public sealed class DocumentExtraction(NodeInfo node, TimeProvider time)
{
    private const int RowsPerSave = 1_000;
    private const int LongestArguments = 1_000;

    /// <returns>Warnings about own rules.</returns>
    public async Task<IReadOnlyList<ReadReason>> Apply(AppDbContext db, Guid id, CancellationToken cancel)
    {
        using var own = AuditScope.EngineOwn();
        var document = await Head(db, id, cancel);
        var started = (At: time.GetUtcNow(), Stamp: time.GetTimestamp());
        var pages = await Pages(db, id, cancel);
        var rules = await db.Set<ExtractionRule>().AsNoTracking().Where(rule => rule.TenantId == document.TenantId && rule.IsEnabled).OrderBy(rule => rule.NormalizedName).ToListAsync(cancel);
        var known = await db.Set<EntityMention>().Where(mention => mention.DocumentId == id).ToListAsync(cancel);
        var judged = known.Where(mention => mention.State != MentionState.Found).ToList();
        MentionPlaces.FindAgain(judged, pages);
        var input = new ExtractInput(pages, [.. rules.Select(OwnRule.Of)], [.. judged.Where(mention => mention.Start != MentionPlaces.Lost).Select(mention => new JudgedEntity(Entity(mention), mention.State != MentionState.Rejected))]);
        var result = ExtractStep.Extract(input, cancel);
        await SaveMentions(db, document, [.. known.Except(judged)], result.Mentions, cancel);
        await SaveFields(db, document, result.Fields, cancel);
        await Record(db, document, new ExtractStep(), input, StepResult<ExtractionResult>.Ready(result), started, cancel);
        await db.SaveChangesAsync(cancel);
        await Check(db, document, cancel);
        return result.Warnings;
    }

    /// <summary>Only the rules of validation, after fields, type or rules changed.</summary>
    public async Task Validate(AppDbContext db, Guid id, CancellationToken cancel)
    {
        using var own = AuditScope.EngineOwn();
        await Check(db, await Head(db, id, cancel), cancel);
    }

    /// <summary>The text of the pages.</summary>
    internal static async Task<IReadOnlyList<EntityPage>> Pages(AppDbContext db, Guid id, CancellationToken cancel) =>
        await db.Set<DocumentPage>().AsNoTracking().Where(page => page.DocumentId == id).OrderBy(page => page.Number).Select(page => new EntityPage(page.Number, page.Text)).ToListAsync(cancel);

    internal static FoundEntity Entity(EntityMention mention) => new(mention.Kind, mention.Page, mention.Start, mention.Length, mention.Text, mention.Value, mention.Confidence, mention.RuleId);

    private static async Task<DocumentHead> Head(AppDbContext db, Guid id, CancellationToken cancel) =>
        await db.Set<Document>().AsNoTracking().Where(document => document.Id == id).Select(document => new DocumentHead(document.Id, document.TenantId, document.TypeId, document.Revision)).SingleAsync(cancel);

    /// <summary>Mentions that are found again keep their row.</summary>
    private static async Task SaveMentions(AppDbContext db, DocumentHead document, List<EntityMention> before, IReadOnlyList<FoundEntity> found, CancellationToken cancel)
    {
        var left = before.ToLookup(Key).ToDictionary(group => group.Key, group => new Queue<EntityMention>(group));
        var fresh = new List<EntityMention>();
        foreach (var entity in found)
        {
            if (left.TryGetValue((entity.Kind, entity.Page, entity.Start, entity.Length, entity.RuleId), out var same) && same.TryDequeue(out var kept)) (kept.Text, kept.Value, kept.Confidence) = (entity.Text, entity.Value, entity.Confidence);
            else fresh.Add(Mention(document, entity, MentionState.Found));
        }
        db.RemoveRange(left.Values.SelectMany(queue => queue));
        await db.SaveChangesAsync(cancel);
        foreach (var part in fresh.Chunk(RowsPerSave))
        {
            db.AddRange(part.AsEnumerable());
            await db.SaveChangesAsync(cancel);
        }
    }

    private static (string, int, int, int, Guid?) Key(EntityMention mention) => (mention.Kind, mention.Page, mention.Start, mention.Length, mention.RuleId);

    internal static EntityMention Mention(DocumentHead document, FoundEntity entity, MentionState state) => new()
    {
        Id = Guid.CreateVersion7(), DocumentId = document.Id, TenantId = document.TenantId, Kind = entity.Kind, Page = entity.Page, Start = entity.Start, Length = entity.Length,
        Text = entity.Text, Value = entity.Value, Confidence = entity.Confidence, RuleId = entity.RuleId, State = state,
    };

    private static async Task SaveFields(AppDbContext db, DocumentHead document, IReadOnlyList<ExtractedField> extracted, CancellationToken cancel)
    {
        var before = await db.Set<DocumentField>().Where(field => field.DocumentId == document.Id).ToDictionaryAsync(field => field.Name, cancel);
        foreach (var field in extracted)
        {
            if (!before.Remove(field.Name, out var known)) db.Add(known = new DocumentField { DocumentId = document.Id, TenantId = document.TenantId, Name = field.Name, Value = field.Value });
            known.Extracted = field.Value;
            if (known.ByPerson) continue;
            (known.Value, known.Confidence, known.Page, known.Start, known.Length) = (field.Value, field.Confidence, field.Page, field.Start, field.Length);
        }
        foreach (var gone in before.Values)
        {
            if (gone.ByPerson) gone.Extracted = null;
            else db.Remove(gone);
        }
    }

    private async Task Check(AppDbContext db, DocumentHead document, CancellationToken cancel)
    {
        var started = (At: time.GetUtcNow(), Stamp: time.GetTimestamp());
        var fields = await db.Set<DocumentField>().AsNoTracking().Where(field => field.DocumentId == document.Id).ToDictionaryAsync(field => field.Name, field => field.Value, cancel);
        var rules = await db.Set<ValidationRule>().AsNoTracking().Where(rule => rule.TenantId == document.TenantId && rule.IsEnabled && (rule.TypeId == null || rule.TypeId == document.TypeId)).OrderBy(rule => rule.NormalizedName).ToListAsync(cancel);
        var input = new ValidateInput(fields, [.. rules.Select(ValidationCriterion.Of)]);
        var result = ValidateStep.Validate(input);
        var before = await db.Set<ValidationFinding>().Where(finding => finding.DocumentId == document.Id).ToDictionaryAsync(finding => finding.RuleId, cancel);
        foreach (var (rule, reason) in result.Findings)
        {
            if (!before.Remove(rule, out var known)) db.Add(known = new ValidationFinding { DocumentId = document.Id, RuleId = rule, TenantId = document.TenantId, ReasonKey = reason.Key, FoundAt = started.At });
            (known.ReasonKey, known.ReasonArguments) = (reason.Key, Arguments(reason));
        }
        db.RemoveRange(before.Values);
        await Record(db, document, new ValidateStep(), input, StepResult<ValidationResult>.Ready(result), started, cancel);
        await db.SaveChangesAsync(cancel);
        var count = result.Findings.Count;
        await db.Set<Document>().Where(one => one.Id == document.Id).ExecuteUpdateAsync(set => set.SetProperty(one => one.Findings, count), cancel);
    }

    /// <summary>As JSON of at most 1,000 characters: escaped, a short text can be long.</summary>
    private static string Arguments(ReadReason reason)
    {
        for (var most = 100; ; most /= 2)
        {
            var json = JsonSerializer.Serialize(reason.Arguments.Select(argument => TextScan.Shortened(argument, most)), AuditExtensions.Json);
            if (json.Length <= LongestArguments) return json;
        }
    }

    private async Task Record<TInput, TOutput>(AppDbContext db, DocumentHead document, IDocumentStep<TInput, TOutput> step, TInput input, StepResult<TOutput> result, (DateTimeOffset At, long Stamp) started, CancellationToken cancel)
        where TOutput : class
    {
        await db.Set<DocumentStepRun>().Where(run => run.DocumentId == document.Id && run.Revision == document.Revision && run.Step == step.Name && run.Part == "").ExecuteDeleteAsync(cancel);
        db.Add(new DocumentStepRun
        {
            DocumentId = document.Id, Revision = document.Revision, TenantId = document.TenantId, Step = step.Name, Part = "", Version = step.Version, Input = JsonSerializer.Serialize(input), Outcome = result.Outcome,
            Output = JsonSerializer.Serialize(result), StartedAt = started.At, DurationMilliseconds = (long)time.GetElapsedTime(started.Stamp).TotalMilliseconds, Node = node.Name,
        });
    }
}

/// <summary>What of a document extraction and validation ask for.</summary>
internal sealed record DocumentHead(Guid Id, Guid TenantId, Guid? TypeId, int Revision);
