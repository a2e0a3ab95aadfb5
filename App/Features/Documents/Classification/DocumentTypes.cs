using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Documents.Extraction;
using BlazorAdmin.Features.Documents.Validation;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Live;
using BlazorAdmin.Security;
using BlazorAdmin.Shell.Lists;

namespace BlazorAdmin.Features.Documents.Classification;

/// <summary>The kinds of documents that the organisation knows.</summary>
public sealed class DocumentTypes(Guard guard, IDbContextFactory<AppDbContext> databases, IDatabaseDialect dialect, JobQueue queue, TimeProvider time, Topic<ClassifierChanged> changes)
{
    public const int DescriptionLength = 500;

    /// <summary>For choosing, by name; for everybody who has documents.</summary>
    /// <exception cref="ForbiddenException"/>
    public async Task<IReadOnlyList<TypeChoice>> Choices(CancellationToken cancel)
    {
        var caller = await guard.RequireDocuments(cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.Set<DocumentType>().AsNoTracking().Where(t => t.TenantId == caller.TenantId).OrderBy(t => t.Name).Select(t => new TypeChoice(t.Id, t.Name)).ToListAsync(cancel);
    }

    /// <exception cref="ForbiddenException"/>
    public async Task<IReadOnlyList<TypeRow>> List(CancellationToken cancel)
    {
        var caller = await guard.Require(DocumentsPermissions.Read, cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        var types = await db.Set<DocumentType>().AsNoTracking().Where(t => t.TenantId == caller.TenantId).OrderBy(t => t.Name).ToListAsync(cancel);
        var limit = Counting.LimitOfEach(types.Count);
        var sight = await db.Sight(caller, cancel);
        var counts = await db.Set<DocumentType>().Where(t => t.TenantId == caller.TenantId).Select(t => new
        {
            t.Id,
            Documents = db.Visible(caller, sight).Where(d => d.TypeId == t.Id && d.IsLatest).Take(limit + 1).Count(),
            ByPeople = db.Visible(caller, sight).Where(d => d.TypeId == t.Id && d.TypeSource == TypeSource.Person && d.IsLatest).Take(limit + 1).Count(),
        }).ToDictionaryAsync(count => count.Id, cancel);
        return [.. types.Select(type => new TypeRow(
            type.Id, type.Name, type.Description, type.Version, Counting.UpTo(counts.GetValueOrDefault(type.Id)?.Documents ?? 0, limit), Counting.UpTo(counts.GetValueOrDefault(type.Id)?.ByPeople ?? 0, limit)))];
    }

    /// <exception cref="ForbiddenException"/>
    public async Task<TypeProblem> Add(string name, string? description, CancellationToken cancel)
    {
        var caller = await guard.Require(DocumentsPermissions.Manage, cancel);
        if (Check(name, description) is var problem and not TypeProblem.None) return problem;
        var now = time.GetUtcNow();
        var type = new DocumentType
        {
            Id = Guid.CreateVersion7(now), TenantId = caller.TenantId, Name = name.Trim(), NormalizedName = Normalized(name), Description = Cleaned(description), CreatedAt = now, Version = 1,
        };
        await using var db = await databases.CreateDbContextAsync(cancel);
        db.Add(type);
        db.Audit(caller, "documents.add_type", "document_type", type.Id, type.Name);
        return await Save(db, dialect.IsDuplicateKey, TypeProblem.NameTaken, cancel);
    }

    /// <param name="version">That the caller saw.</param>
    /// <exception cref="ForbiddenException"/>
    public async Task<TypeProblem> Change(Guid id, int version, string name, string? description, CancellationToken cancel)
    {
        var caller = await guard.Require(DocumentsPermissions.Manage, cancel);
        if (Check(name, description) is var problem and not TypeProblem.None) return problem;
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (await Hold(db, caller, id, version, cancel) is not { } type) return TypeProblem.Conflict;
        (type.Name, type.NormalizedName, type.Description) = (name.Trim(), Normalized(name), Cleaned(description));
        db.Audit(caller, "documents.change_type", "document_type", type.Id, type.Name);
        var saved = await Save(db, dialect.IsDuplicateKey, TypeProblem.NameTaken, cancel);
        if (saved == TypeProblem.None) await transaction.CommitAsync(cancel);
        return saved;
    }

    /// <summary>Documents, rules and what models answer go over to another type; this one is gone.</summary>
    /// <param name="version">That the caller saw.</param>
    /// <exception cref="ForbiddenException"/>
    public async Task<TypeProblem> Merge(Guid id, int version, Guid intoId, CancellationToken cancel)
    {
        var caller = await guard.Require(DocumentsPermissions.Manage, cancel);
        if (id == intoId) return TypeProblem.SameType;
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (await Hold(db, caller, id, version, cancel) is not { } type) return TypeProblem.Conflict;
        if (await db.Set<DocumentType>().AsNoTracking().SingleOrDefaultAsync(t => t.Id == intoId && t.TenantId == caller.TenantId, cancel) is not { } into) return TypeProblem.Conflict;
        var moved = await db.Set<Document>().Where(d => d.TypeId == id).ExecuteUpdateAsync(set => set.SetProperty(d => d.TypeId, intoId).SetProperty(d => d.Version, d => d.DeletedAt == null ? d.Version + 1 : d.Version), cancel);
        await db.Set<Document>().Where(d => d.SuggestedTypeId == id).ExecuteUpdateAsync(set => set.SetProperty(d => d.SuggestedTypeId, intoId), cancel);
        foreach (var rule in await db.Set<ValidationRule>().Where(r => r.TypeId == id).ToListAsync(cancel)) rule.TypeId = intoId;
        foreach (var model in await db.Set<ClassifierModel>().Where(m => m.TenantId == caller.TenantId && m.Card != null).ToListAsync(cancel))
            if (ClassifierCard.Read(model.Card) is { } card && card.Labels.Contains(id))
                model.Card = (card with { Labels = [.. card.Labels.Select(label => label == id ? intoId : label)] }).Write();
        db.Remove(type);
        db.Audit(caller, "documents.merge_types", "document_type", id, type.Name, new { into = intoId, name = into.Name, documents = moved }, Math.Max(1, moved));
        var saved = await Save(db, dialect.IsBrokenReference, TypeProblem.Conflict, cancel);
        if (saved != TypeProblem.None) return saved;
        // Rules and documents changed sides.
        await RuleJobs.Extract(db, queue, caller, intoId, onlyValidate: true, into.Name, cancel);
        await transaction.CommitAsync(cancel);
        return saved;
    }

    /// <summary>Removes a type that no document and no rule has.</summary>
    /// <param name="version">That the caller saw.</param>
    /// <exception cref="ForbiddenException"/>
    public async Task<TypeProblem> Delete(Guid id, int version, CancellationToken cancel)
    {
        var caller = await guard.Require(DocumentsPermissions.Manage, cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (await Hold(db, caller, id, version, cancel) is not { } type) return TypeProblem.Conflict;
        if (await db.Set<Document>().AnyAsync(d => d.TypeId == id, cancel) || await db.Set<ValidationRule>().AnyAsync(r => r.TypeId == id, cancel)) return TypeProblem.InUse;
        await db.Set<Document>().Where(d => d.SuggestedTypeId == id)
            .ExecuteUpdateAsync(set => set.SetProperty(d => d.SuggestedTypeId, (Guid?)null).SetProperty(d => d.SuggestedConfidence, (double?)null), cancel);
        db.Remove(type);
        db.Audit(caller, "documents.delete_type", "document_type", id, type.Name);
        var saved = await Save(db, dialect.IsBrokenReference, TypeProblem.InUse, cancel);
        if (saved == TypeProblem.None) await transaction.CommitAsync(cancel);
        return saved;
    }

    /// <summary>The type in the version that the caller saw, held until the transaction ends; of two who change it at once the second finds another version.</summary>
    private static async Task<DocumentType?> Hold(AppDbContext db, Caller caller, Guid id, int version, CancellationToken cancel) =>
        await db.Set<DocumentType>().Where(t => t.Id == id && t.TenantId == caller.TenantId && t.Version == version).ExecuteUpdateAsync(set => set.SetProperty(t => t.Version, t => t.Version + 1), cancel) == 0
            ? null
            : await db.Set<DocumentType>().SingleAsync(t => t.Id == id, cancel);

    /// <param name="expected">The fault that somebody else's change in this moment brings.</param>
    private async Task<TypeProblem> Save(AppDbContext db, Func<Exception, bool> expected, TypeProblem otherwise, CancellationToken cancel)
    {
        db.AfterCommit(() => changes.Publish(new ClassifierChanged(null)));
        try
        {
            await db.SaveChangesAsync(cancel);
            return TypeProblem.None;
        }
        catch (DbUpdateException exception) when (expected(exception))
        {
            return otherwise;
        }
    }

    private static TypeProblem Check(string name, string? description) => name.Trim() switch
    {
        "" => TypeProblem.NameMissing,
        { Length: > DocumentType.NameLength } => TypeProblem.NameTooLong,
        _ => description?.Trim().Length > DescriptionLength ? TypeProblem.DescriptionTooLong : TypeProblem.None,
    };

    private static string Normalized(string name) => name.Trim().ToLowerInvariant();

    private static string? Cleaned(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
