using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Live;
using BlazorAdmin.Security;
using BlazorAdmin.Shell.Lists;

namespace BlazorAdmin.Features.Documents.Collections;

/// <summary>Collections and who may see what is in them.</summary>
public sealed class CollectionsService(Guard guard, IDbContextFactory<AppDbContext> databases, IDatabaseDialect dialect, ReadingTools tools, TimeProvider time, Topic<CollectionsChanged> changes)
{
    public const int MostShown = 500;
    public const int MostRetentionDays = 36_500;
    private const int DescriptionLength = 500;

    /// <summary>Collections that the caller sees, by name; whoever administers collections sees all, but not what is in them.</summary>
    public async Task<IReadOnlyList<CollectionRow>> List(CancellationToken cancel)
    {
        var caller = await RequireReader(cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        var (visible, manage) = (db.VisibleCollections(caller), caller.May(DocumentsPermissions.ManageCollections));
        var seen = (await visible.Select(c => c.Id).ToListAsync(cancel)).ToHashSet();
        var shown = manage ? db.Set<Collection>().Where(c => c.TenantId == caller.TenantId) : visible;
        var sight = await db.Sight(caller, cancel);
        var limit = Counting.LimitOfEach(await shown.Take(MostShown).CountAsync(cancel));
        var collections = await shown.AsNoTracking().OrderBy(c => c.NormalizedName).Take(MostShown).Select(c => new
        {
            Collection = c,
            Grants = db.Set<CollectionGrant>().Count(g => g.CollectionId == c.Id),
            Documents = db.Visible(caller, sight).Where(d => d.CollectionId == c.Id && d.IsLatest).Take(limit + 1).Count(),
        }).ToListAsync(cancel);
        return [.. collections.Select(c => Row(c.Collection, seen.Contains(c.Collection.Id) ? Counting.UpTo(c.Documents, limit) : null, manage ? c.Grants : 0))];
    }

    /// <summary>Names of the collections that the caller sees: to filter by.</summary>
    public async Task<IReadOnlyList<CollectionName>> Visible(CancellationToken cancel)
    {
        var caller = await RequireReader(cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.VisibleCollections(caller).OrderBy(c => c.NormalizedName).Take(MostShown).Select(c => new CollectionName(c.Id, c.Name)).ToListAsync(cancel);
    }

    /// <summary>Names of the collections that the caller may put documents into.</summary>
    public async Task<IReadOnlyList<CollectionName>> Open(CancellationToken cancel)
    {
        var caller = await RequireReader(cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.OpenCollections(caller).OrderBy(c => c.NormalizedName).Take(MostShown).Select(c => new CollectionName(c.Id, c.Name)).ToListAsync(cancel);
    }

    /// <summary>For editing; null if there is no such collection.</summary>
    public async Task<CollectionDetails?> Details(Guid id, CancellationToken cancel)
    {
        await guard.Require(DocumentsPermissions.ManageCollections, cancel);
        if ((await List(cancel)).FirstOrDefault(row => row.Id == id) is not { } row) return null;
        await using var db = await databases.CreateDbContextAsync(cancel);
        var roles = await db.Set<CollectionGrant>().Where(g => g.CollectionId == id && g.RoleId != null).Join(db.Roles, g => g.RoleId, r => r.Id, (g, r) => new GrantView(r.Id, true, r.Name!, g.Right)).ToListAsync(cancel);
        var people = await db.Set<CollectionGrant>().Where(g => g.CollectionId == id && g.UserId != null).Join(db.Users, g => g.UserId, u => u.Id, (g, u) => new GrantView(u.Id, false, u.DisplayName, g.Right)).ToListAsync(cancel);
        return new CollectionDetails(row, [.. roles.OrderBy(g => g.Name, StringComparer.CurrentCulture), .. people.OrderBy(g => g.Name, StringComparer.CurrentCulture)]);
    }

    /// <summary>Roles that can be given a right.</summary>
    public async Task<IReadOnlyList<GrantView>> Roles(CancellationToken cancel)
    {
        var caller = await guard.Require(DocumentsPermissions.ManageCollections, cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.Roles.AsNoTracking().Where(r => r.TenantId == caller.TenantId).OrderBy(r => r.Name).Select(r => new GrantView(r.Id, true, r.Name!, CollectionRight.Read)).ToListAsync(cancel);
    }

    /// <summary>
    /// People with an account who can be given a right or a document. Who manages documents or collections finds them by a part of name or
    /// address; everybody else by the whole address.
    /// </summary>
    public async Task<IReadOnlyList<PersonChoice>> FindPeople(string text, int limit, CancellationToken cancel)
    {
        var caller = await RequireReader(cancel);
        var (lower, upper) = (text.Trim().ToLowerInvariant(), text.Trim().ToUpperInvariant());
        if (lower.Length < 2) return [];
        await using var db = await databases.CreateDbContextAsync(cancel);
        var people = db.Users.AsNoTracking().Where(u => u.TenantId == caller.TenantId && u.DeactivatedAt == null);
        people = caller.May(DocumentsPermissions.Manage) || caller.May(DocumentsPermissions.ManageCollections)
            ? people.Where(u => u.DisplayName.ToLower().Contains(lower) || u.NormalizedEmail!.Contains(upper))
            : people.Where(u => u.NormalizedEmail == upper);
        return await people.OrderBy(u => u.DisplayName).ThenBy(u => u.Id).Take(limit).Select(u => new PersonChoice(u.Id, u.DisplayName, u.Email)).ToListAsync(cancel);
    }

    /// <summary>Makes a collection or changes one, with its grants.</summary>
    public async Task<CollectionResult> Save(CollectionDraft draft, CancellationToken cancel)
    {
        var caller = await guard.Require(DocumentsPermissions.ManageCollections, cancel);
        var clean = draft with { Name = draft.Name.Trim(), Description = Blank(draft.Description), Languages = Blank(draft.Languages) };
        await using var db = await databases.CreateDbContextAsync(cancel);
        if (await Check(db, caller, clean, cancel) is { Problem: not CollectionProblem.None } refused) return refused;
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        Collection? collection;
        if (clean.Id is { } id)
        {
            collection = await db.Set<Collection>().SingleOrDefaultAsync(c => c.Id == id && c.TenantId == caller.TenantId, cancel);
            if (collection is null) return new CollectionResult(CollectionProblem.Gone);
            // Two people at once: the row is held until the end, and the second finds another version.
            if (await db.Set<Collection>().Where(c => c.Id == id && c.Version == clean.Version).ExecuteUpdateAsync(set => set.SetProperty(c => c.Version, c => c.Version + 1), cancel) == 0)
                return new CollectionResult(CollectionProblem.Changed);
        }
        else
        {
            collection = new Collection { Id = Guid.CreateVersion7(time.GetUtcNow()), TenantId = caller.TenantId, Name = "", NormalizedName = "", CreatedAt = time.GetUtcNow(), Version = 1 };
            db.Add(collection);
        }
        var wasRestricted = collection.IsRestricted;
        var closes = clean.IsRestricted && !collection.IsRestricted && clean.Id is not null;
        (collection.Name, collection.NormalizedName, collection.Description) = (clean.Name, clean.Name.ToLowerInvariant(), clean.Description);
        (collection.IsRestricted, collection.Languages, collection.RetentionDays) = (clean.IsRestricted, clean.Languages, clean.RetentionDays);
        await SetGrants(db, collection, clean.Grants, cancel);
        if (closes) await ForgetNames(db, caller, collection.Id, cancel);
        db.Audit(caller, clean.Id is null ? "documents.collection_create" : "documents.collection_edit", "collection", collection.Id, collection.Name,
            new { restricted = new { before = wasRestricted, now = clean.IsRestricted }, grants = clean.Grants.Select(g => new { g.Holder, g.IsRole, right = g.Right.ToString() }) });
        db.AfterCommit(() => changes.Publish(new CollectionsChanged(collection.Id)));
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException exception) when (dialect.IsDuplicateKey(exception))
        {
            return new CollectionResult(CollectionProblem.NameTaken);
        }
        await transaction.CommitAsync(cancel);
        return new CollectionResult(CollectionProblem.None, collection.Id);
    }

    /// <summary>Deletes an empty collection; with a target, a job moves what is in it there and deletes it then.</summary>
    public async Task<CollectionResult> Delete(Guid id, Guid? target, CancellationToken cancel)
    {
        var caller = await guard.Require(DocumentsPermissions.ManageCollections, cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        if (await db.Set<Collection>().SingleOrDefaultAsync(c => c.Id == id && c.TenantId == caller.TenantId, cancel) is not { } collection) return new CollectionResult(CollectionProblem.Gone);
        var isEmpty = !await db.Set<Document>().AnyAsync(d => d.TenantId == caller.TenantId && d.CollectionId == id, cancel);
        if (!isEmpty && target is null) return new CollectionResult(CollectionProblem.NotEmpty);
        if (!isEmpty && (target == id || !await db.Set<Collection>().AnyAsync(c => c.Id == target && c.TenantId == caller.TenantId && (c.IsRestricted || !collection.IsRestricted), cancel))) return new CollectionResult(CollectionProblem.TargetUnknown);
        db.Audit(caller, "documents.collection_delete", "collection", id, collection.Name, new { movedTo = isEmpty ? null : target });
        if (isEmpty) db.Remove(collection);
        else db.Enqueue(new MoveCollection(id, target!.Value), caller, time.GetUtcNow(), new EnqueueOptions { Subject = collection.IsRestricted ? null : collection.Name, SubjectUrl = "/admin/documents/collections" });
        db.AfterCommit(() => changes.Publish(new CollectionsChanged(id)));
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException)
        {
            // Somebody deleted it, or a document arrived, in this moment.
            await using var now = await databases.CreateDbContextAsync(cancel);
            if (!await now.Set<Collection>().AnyAsync(c => c.Id == id, cancel)) return new CollectionResult(CollectionProblem.Gone);
            if (await now.Set<Document>().AnyAsync(d => d.TenantId == caller.TenantId && d.CollectionId == id, cancel)) return new CollectionResult(CollectionProblem.NotEmpty);
            throw;
        }
        return new CollectionResult(CollectionProblem.None, id, Moving: !isEmpty);
    }

    private async Task<CollectionResult> Check(AppDbContext db, Caller caller, CollectionDraft draft, CancellationToken cancel)
    {
        if (draft.Name.Length == 0) return new CollectionResult(CollectionProblem.NameMissing);
        if (draft.Name.Length > Collection.NameLength) return new CollectionResult(CollectionProblem.NameTooLong);
        if (draft.Description?.Length > DescriptionLength) return new CollectionResult(CollectionProblem.DescriptionTooLong);
        if (draft.RetentionDays is < 1 or > MostRetentionDays) return new CollectionResult(CollectionProblem.RetentionUnfit);
        var normal = draft.Name.ToLowerInvariant();
        if (await db.Set<Collection>().AnyAsync(c => c.TenantId == caller.TenantId && c.NormalizedName == normal && c.Id != draft.Id, cancel)) return new CollectionResult(CollectionProblem.NameTaken);
        if (draft.Languages is { } languages)
        {
            var installed = (await tools.Report(cancel)).Languages;
            if (languages.Split('+').FirstOrDefault(language => !installed.Contains(language)) is { } unknown) return new CollectionResult(CollectionProblem.LanguagesUnknown, Argument: unknown);
        }
        var roles = draft.Grants.Where(g => g.IsRole).Select(g => g.Holder).Distinct().ToList();
        var people = draft.Grants.Where(g => !g.IsRole).Select(g => g.Holder).Distinct().ToList();
        var known = await db.Roles.CountAsync(r => r.TenantId == caller.TenantId && roles.Contains(r.Id), cancel) == roles.Count
            && await db.Users.CountAsync(u => u.TenantId == caller.TenantId && people.Contains(u.Id), cancel) == people.Count;
        return new CollectionResult(known ? CollectionProblem.None : CollectionProblem.HolderUnknown);
    }

    private static async Task SetGrants(AppDbContext db, Collection collection, IReadOnlyList<GrantView> wanted, CancellationToken cancel)
    {
        var there = await db.Set<CollectionGrant>().Where(g => g.CollectionId == collection.Id).ToListAsync(cancel);
        var rest = wanted.DistinctBy(g => (g.Holder, g.IsRole)).ToDictionary(g => (g.Holder, g.IsRole), g => g.Right);
        foreach (var grant in there)
        {
            if (rest.Remove((grant.RoleId ?? grant.UserId!.Value, grant.RoleId is not null), out var right)) grant.Right = right;
            else db.Remove(grant);
        }
        db.AddRange(rest.Select(g => new CollectionGrant
        {
            Id = Guid.CreateVersion7(), CollectionId = collection.Id, TenantId = collection.TenantId, Right = g.Value, RoleId = g.Key.IsRole ? g.Key.Holder : null, UserId = g.Key.IsRole ? null : g.Key.Holder,
        }));
    }

    private static async Task ForgetNames(AppDbContext db, Caller caller, Guid collection, CancellationToken cancel)
    {
        Guid? last = null;
        while (true)
        {
            var ids = await db.Set<Document>().Where(d => d.TenantId == caller.TenantId && d.CollectionId == collection && (last == null || d.Id > last)).OrderBy(d => d.Id).Select(d => d.Id).Take(1_000).ToListAsync(cancel);
            if (ids.Count == 0) return;
            await db.ForgetSubjectsAsync(caller.TenantId, DocumentsService.JobArgument, [.. ids.Select(id => id.ToString())], cancel);
            last = ids[^1];
        }
    }

    /// <summary>Who reads everybody's, has their own, or administers collections without seeing documents.</summary>
    private async ValueTask<Caller> RequireReader(CancellationToken cancel)
    {
        foreach (var permission in new[] { DocumentsPermissions.Read, DocumentsPermissions.ManageCollections })
            if (await guard.Allows(permission, cancel)) return await guard.RequireSignedIn(cancel);
        return await guard.Require(DocumentsPermissions.Own, cancel);
    }

    private static CollectionRow Row(Collection c, ListTotal? documents, int grants) => new(
        c.Id, c.Name, c.Description, c.IsRestricted, c.Languages, c.RetentionDays, c.CreatedAt, c.Version, documents, grants);

    private static string? Blank(string? text) => text?.Trim() is { Length: > 0 } some ? some : null;
}
