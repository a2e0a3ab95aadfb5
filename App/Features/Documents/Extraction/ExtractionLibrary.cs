using BlazorAdmin.Data;
using BlazorAdmin.Features.Documents.Validation;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Documents.Extraction;

/// <summary>What people see of entities, fields and findings. What the caller may not see is not found.</summary>
public sealed class ExtractionLibrary(Guard guard, IDbContextFactory<AppDbContext> databases)
{
    public async Task<MarkedPage?> Page(Guid id, int page, CancellationToken cancel)
    {
        var caller = await guard.RequireDocuments(cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        var text = await (from document in db.Visible(caller)
                          join one in db.Set<DocumentPage>() on document.Id equals one.DocumentId
                          where document.Id == id && one.Number == page
                          select one.Text).SingleOrDefaultAsync(cancel);
        if (text is null) return null;
        var correction = await db.Set<PageCorrection>().AsNoTracking().SingleOrDefaultAsync(one => one.DocumentId == id && one.Page == page, cancel);
        var mentions = await db.Set<EntityMention>().AsNoTracking().Where(mention => mention.DocumentId == id && mention.Page == page).OrderBy(mention => mention.Start).ThenByDescending(mention => mention.Length)
            .Select(mention => new MentionView(mention.Id, mention.Kind, mention.Start, mention.Length, mention.Text, mention.Value, mention.Confidence, mention.State)).ToListAsync(cancel);
        return new MarkedPage(page, text, correction?.Version ?? 0, correction?.Before, mentions, await MayChange(db, caller, id, cancel));
    }

    public async Task<DocumentFields?> Fields(Guid id, CancellationToken cancel)
    {
        var caller = await guard.RequireDocuments(cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        if (!await db.Visible(caller).AnyAsync(document => document.Id == id, cancel)) return null;
        var known = await db.Set<DocumentField>().AsNoTracking().Where(field => field.DocumentId == id)
            .Select(field => new FieldView(field.Name, field.Value, field.Extracted, field.ByPerson, field.Confidence, field.Page)).ToDictionaryAsync(field => field.Name, cancel);
        var own = await db.Set<ExtractionRule>().AsNoTracking().Where(rule => rule.TenantId == caller.TenantId && rule.IsEnabled).OrderBy(rule => rule.Name).Select(rule => new { rule.Name, rule.IsField }).ToListAsync(cancel);
        var names = FieldNames.All.Concat(own.Where(rule => rule.IsField).Select(rule => rule.Name)).Concat(known.Keys.Order(StringComparer.Ordinal)).Distinct().ToList();
        var kinds = EntityKinds.All.Concat(own.Select(rule => rule.Name)).Distinct().ToList();
        return new DocumentFields([.. names.Select(name => known.GetValueOrDefault(name) ?? new FieldView(name, "", null, false, 0, null))], kinds, await MayChange(db, caller, id, cancel));
    }

    public async Task<IReadOnlyList<FindingView>> Findings(Guid id, CancellationToken cancel)
    {
        var caller = await guard.RequireDocuments(cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await (from document in db.Visible(caller)
                      join finding in db.Set<ValidationFinding>() on document.Id equals finding.DocumentId
                      join rule in db.Set<ValidationRule>() on finding.RuleId equals rule.Id
                      where document.Id == id
                      orderby rule.NormalizedName
                      select new FindingView(rule.Id, rule.Name, rule.Field, rule.Message, finding.ReasonKey, finding.ReasonArguments)).ToListAsync(cancel);
    }

    private static Task<bool> MayChange(AppDbContext db, Caller caller, Guid id, CancellationToken cancel) =>
        caller.ReadOnly is null && caller.May(DocumentsPermissions.Own) ? db.Changeable(caller).AnyAsync(document => document.Id == id, cancel) : Task.FromResult(false);
}
