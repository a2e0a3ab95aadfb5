using System.Globalization;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Documents.Classification;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Live;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Documents.Extraction;

/// <summary>What people put right in a document: mentions, fields, the text of pages. Each command extracts (where that depends on it) and validates anew in its own transaction.</summary>
public sealed class DocumentCorrections(Guard guard, IDbContextFactory<AppDbContext> databases, DocumentExtraction extraction, TimeProvider time, Topic<DocumentChanged> changes)
{
    public const int LongestPage = 1_000_000;

    /// <summary>Says of a mention that it is one, or is none; <see cref="MentionState.Found"/> takes back what was said, and removes what was added.</summary>
    public Task<CorrectionResult> Judge(Guid id, Guid mentionId, MentionState state, CancellationToken cancel) => Change(id, "documents.judge", null, async (db, _) =>
    {
        if (state == MentionState.Added) return CorrectionResult.NotFound;
        if (await db.Set<EntityMention>().SingleOrDefaultAsync(mention => mention.Id == mentionId && mention.DocumentId == id, cancel) is not { } mention) return CorrectionResult.NotFound;
        if (state == MentionState.Found && (mention.State == MentionState.Added || mention.Start == MentionPlaces.Lost)) db.Remove(mention);
        else mention.State = mention.State == MentionState.Added && state == MentionState.Confirmed ? MentionState.Added : state;
        return CorrectionResult.Done;
    }, cancel);

    /// <summary>Marks words of a page as an entity.</summary>
    /// <param name="start">Where they were chosen; they are looked for near it. In UTF-16 units of the page's text.</param>
    public Task<CorrectionResult> Add(Guid id, int page, int start, string text, string kind, CancellationToken cancel) => Change(id, "documents.mark", new { page, kind }, async (db, head) =>
    {
        kind = kind.Trim();
        if (kind.Length is 0 or > EntityMention.KindLength) return CorrectionResult.WrongKind;
        if (text.Trim().Length is 0 || text.Trim().Length > DocumentField.ValueLength) return CorrectionResult.WrongLength;
        var words = text.Trim();
        var pages = await db.Set<DocumentPage>().Where(one => one.DocumentId == id && one.Number == page).Select(one => new EntityPage(one.Number, one.Text)).ToListAsync(cancel);
        var mention = DocumentExtraction.Mention(head, new FoundEntity(kind, page, Math.Max(0, start), words.Length, words, TextScan.Tidy(words), 1), MentionState.Added);
        MentionPlaces.FindAgain([mention], pages);
        if (mention.Start == MentionPlaces.Lost || char.IsLowSurrogate(words[0]) || char.IsHighSurrogate(words[^1])) return CorrectionResult.TextNotThere;
        // In the form that the portal's own rules give it, where they know these words.
        mention.Value = EntityFinder.Find([new EntityPage(page, words)], [], cancel).Found.FirstOrDefault(one => one.Kind == kind && one.Length == words.Length)?.Value ?? mention.Value;
        var same = await db.Set<EntityMention>().Where(one => one.DocumentId == id && one.Kind == kind && one.Page == page && one.Start == mention.Start && one.Length == mention.Length).FirstOrDefaultAsync(cancel);
        if (same is null) db.Add(mention);
        else same.State = same.State == MentionState.Added ? MentionState.Added : MentionState.Confirmed;
        return CorrectionResult.Done;
    }, cancel);

    /// <summary>A person's value of a field; empty: there is none.</summary>
    public Task<CorrectionResult> SetField(Guid id, string name, string value, CancellationToken cancel) => Change(id, "documents.field", new { field = name }, async (db, head) =>
    {
        (name, value) = (name.Trim(), value.Trim());
        if (name.Length is 0 or > DocumentField.NameLength) return CorrectionResult.WrongKind;
        if (value.Length > DocumentField.ValueLength) return CorrectionResult.WrongLength;
        var field = await Field(db, id, name, cancel);
        if (field is null) db.Add(field = new DocumentField { DocumentId = id, TenantId = head.TenantId, Name = name, Value = value });
        if (field.Value != value) (field.Page, field.Start, field.Length) = (null, null, null);
        (field.Value, field.ByPerson, field.Confidence) = (value, true, 1);
        return CorrectionResult.Done;
        // What was found in the text stays as it is.
    }, cancel, onlyValidate: true);

    /// <summary>Takes a person's value back: what the extraction finds counts again.</summary>
    public Task<CorrectionResult> ResetField(Guid id, string name, CancellationToken cancel) => Change(id, "documents.field", new { field = name }, async (db, _) =>
    {
        if (await Field(db, id, name, cancel) is not { ByPerson: true } field) return CorrectionResult.NotFound;
        db.Remove(field);
        return CorrectionResult.Done;
    }, cancel);

    /// <summary>The text of a page as it should read.</summary>
    /// <param name="version">Of the correction that the caller saw; 0: there was none.</param>
    public Task<CorrectionResult> CorrectPage(Guid id, int page, int version, string text, CancellationToken cancel) => Change(id, "documents.correct_text", new { page }, async (db, head) =>
    {
        // Browsers send line ends of their own.
        text = text.ReplaceLineEndings("\n").Replace("\0", "", StringComparison.Ordinal);
        if (text.Length > LongestPage) return CorrectionResult.WrongLength;
        if (await Page(db, id, page, cancel) is not { } shown) return CorrectionResult.NotFound;
        var correction = await Correction(db, id, page, cancel);
        if ((correction?.Version ?? 0) != version) return CorrectionResult.Conflict;
        if (correction is null) db.Add(correction = new PageCorrection { DocumentId = id, Page = page, TenantId = head.TenantId, Text = text, Before = shown.Text });
        shown.Text = text;
        (correction.Text, correction.CorrectedAt, correction.Version) = (text, time.GetUtcNow(), version + 1);
        return CorrectionResult.Done;
    }, cancel);

    /// <summary>Back to what was read.</summary>
    public Task<CorrectionResult> RestorePage(Guid id, int page, int version, CancellationToken cancel) => Change(id, "documents.restore_text", new { page }, async (db, _) =>
    {
        if (await Correction(db, id, page, cancel) is not { } correction) return CorrectionResult.NotFound;
        if (correction.Version != version) return CorrectionResult.Conflict;
        if (await Page(db, id, page, cancel) is { } shown) shown.Text = correction.Before;
        db.Remove(correction);
        return CorrectionResult.Done;
    }, cancel);

    /// <summary>Has jobs look for entities, fields and, where a model is in use and no person said it, the type of documents anew in their text as it is.</summary>
    /// <returns>How many the caller may change.</returns>
    public Task<int> ExtractAgain(IReadOnlyCollection<Guid> ids, CancellationToken cancel) => ExtractAgain(ids, audited: true, cancel);

    /// <summary>The same for a part of a command that has its audit row already.</summary>
    internal Task<int> ExtractPartAgain(IReadOnlyCollection<Guid> ids, CancellationToken cancel) => ExtractAgain(ids, audited: false, cancel);

    private async Task<int> ExtractAgain(IReadOnlyCollection<Guid> ids, bool audited, CancellationToken cancel)
    {
        var caller = await guard.RequireChange(DocumentsPermissions.Own, cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        var wanted = ids.Take(DocumentsService.LargestCommand).ToList();
        var documents = await db.Changeable(caller).Where(document => wanted.Contains(document.Id) && document.DeletedAt == null).Select(document => new { document.Id, document.Name }).ToListAsync(cancel);
        if (documents.Count == 0) return 0;
        var found = documents.ConvertAll(document => document.Id);
        // Without a name: whoever watches jobs has no right on the documents.
        var order = new EnqueueOptions { Subject = documents.Count.ToString(CultureInfo.InvariantCulture), LimitKey = RuleJobs.LimitOfSome(caller) };
        db.Enqueue(new ExtractDocuments(caller.TenantId, found, null, false), caller, time.GetUtcNow(), order);
        if (await db.Set<ClassifierModel>().Where(model => model.TenantId == caller.TenantId && model.IsActive).Select(model => (Guid?)model.Id).SingleOrDefaultAsync(cancel) is { } model)
            db.Enqueue(new ClassifyDocuments(model) { Ids = found }, caller, time.GetUtcNow(), order);
        using var answered = audited ? null : AuditScope.EngineOwn();
        if (audited && documents is [var single]) db.Audit(caller, "documents.extract", "document", single.Id, single.Name);
        else if (audited) db.Audit(caller, "documents.extract", "document", detail: new { ids = found }, count: found.Count);
        await db.SaveChangesAsync(cancel);
        return found.Count;
    }

    private async Task<CorrectionResult> Change(Guid id, string action, object? detail, Func<AppDbContext, DocumentHead, Task<CorrectionResult>> change, CancellationToken cancel, bool onlyValidate = false)
    {
        var caller = await guard.RequireChange(DocumentsPermissions.Own, cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        // First of all: whoever else changes or reads this document waits, so that no correction falls between text and mentions.
        if (await db.Changeable(caller).Where(document => document.Id == id && document.DeletedAt == null).ExecuteUpdateAsync(set => set.SetProperty(document => document.Version, document => document.Version + 1), cancel) == 0)
            return CorrectionResult.NotFound;
        var document = await db.Set<Document>().AsNoTracking().Where(one => one.Id == id).Select(one => new { one.Name, one.OwnerId, one.Version, Head = new DocumentHead(one.Id, one.TenantId, one.TypeId, one.Revision) }).SingleAsync(cancel);
        var result = await change(db, document.Head);
        if (result != CorrectionResult.Done) return result;
        db.Audit(caller, action, "document", id, document.Name, detail);
        await db.SaveChangesAsync(cancel);
        if (onlyValidate) await extraction.Validate(db, id, cancel);
        else await extraction.Apply(db, id, cancel);
        db.AfterCommit(() => changes.Publish(new DocumentChanged(id, document.OwnerId, document.Version)));
        await transaction.CommitAsync(cancel);
        return CorrectionResult.Done;
    }

    private static Task<DocumentField?> Field(AppDbContext db, Guid id, string name, CancellationToken cancel) => db.Set<DocumentField>().SingleOrDefaultAsync(field => field.DocumentId == id && field.Name == name, cancel);

    private static Task<DocumentPage?> Page(AppDbContext db, Guid id, int page, CancellationToken cancel) => db.Set<DocumentPage>().SingleOrDefaultAsync(one => one.DocumentId == id && one.Number == page, cancel);

    private static Task<PageCorrection?> Correction(AppDbContext db, Guid id, int page, CancellationToken cancel) => db.Set<PageCorrection>().SingleOrDefaultAsync(one => one.DocumentId == id && one.Page == page, cancel);
}
