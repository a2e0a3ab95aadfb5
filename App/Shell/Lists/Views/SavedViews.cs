using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Security;

namespace BlazorAdmin.Shell.Lists.Views;

/// <summary>A view as somebody sees it.</summary>
/// <param name="Owner">Name of who shares it; null for one's own.</param>
/// <param name="IsDefault">The list begins with it.</param>
public sealed record ViewItem(Guid Id, string Name, string Query, bool Shared, string? Owner, bool IsDefault)
{
    public bool IsMine => Owner is null;
}

public enum ViewProblem
{
    None,
    NameMissing,
    NameTooLong,
    NameTaken,
    TooMany,
    TooLong,

    /// <summary>It was deleted meanwhile, or is somebody else's.</summary>
    Gone,
}

/// <summary>
/// The views of the lists: everybody's own, and those that others share with all who may see the list (as the navigation
/// says). Shared ones are audited.
/// </summary>
public sealed class SavedViews(Guard guard, IDbContextFactory<AppDbContext> databases, IEnumerable<NavigationEntry> entries, IDatabaseDialect dialect, TimeProvider time)
{
    public const int LongestName = 100;
    public const int Most = 50;
    private const int LongestQuery = 2000;
    private const int MostShown = 200;

    // The row without a name holds what the owner's list begins with: a copy of a view's query.
    private const string DefaultName = "";

    /// <summary>One's own views and the shared ones, by name.</summary>
    public async Task<IReadOnlyList<ViewItem>> ListAsync(string list, CancellationToken cancellation = default)
    {
        var caller = await RequireAsync(list, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var rows = await (
            from view in db.Set<SavedView>().AsNoTracking()
            join owner in db.Users on view.OwnerId equals owner.Id
            where view.TenantId == caller.TenantId && view.List == list && (view.OwnerId == caller.PersonId || view.Shared)
            orderby view.Name
            select new { view.Id, view.Name, view.Query, view.Shared, view.OwnerId, Owner = owner.DisplayName }).Take(MostShown).ToListAsync(cancellation);
        var start = rows.FirstOrDefault(r => r.Name == DefaultName && r.OwnerId == caller.UserId)?.Query;
        return [.. rows.Where(r => r.Name != DefaultName).Select(r => new ViewItem(r.Id, r.Name, r.Query, r.Shared, r.OwnerId == caller.UserId ? null : r.Owner, r.Query == start))];
    }

    /// <summary>The query with which the caller's list begins; null for the list's own beginning.</summary>
    public async Task<string?> DefaultAsync(string list, CancellationToken cancellation = default)
    {
        var caller = await RequireAsync(list, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await db.Set<SavedView>().Where(v => v.OwnerId == caller.PersonId && v.List == list && v.Name == DefaultName).Select(v => v.Query).SingleOrDefaultAsync(cancellation);
    }

    /// <summary>Keeps <paramref name="query"/> under a name; one's own view of that name gets the new query.</summary>
    public async Task<ViewProblem> SaveAsync(string list, string name, string query, bool shared, CancellationToken cancellation = default)
    {
        var caller = await RequireAsync(list, cancellation, change: true);
        name = name.Trim();
        if (Check(name) is not ViewProblem.None and var problem) return problem;
        if (query.Length > LongestQuery) return ViewProblem.TooLong;
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var mine = db.Set<SavedView>().Where(v => v.OwnerId == caller.PersonId && v.List == list);
        var view = await mine.SingleOrDefaultAsync(v => v.Name == name, cancellation);
        if (view is null && await mine.CountAsync(cancellation) >= Most) return ViewProblem.TooMany;
        if (view is null) db.Add(view = New(caller, list, name, query));
        if (shared || view.Shared) db.Audit(caller, "views.share", "view", view.Id, name, new { list, query, shared });
        (view.Query, view.Shared) = (query, shared);
        return await SaveAsync(db, cancellation);
    }

    public Task<ViewProblem> RenameAsync(Guid id, string name, CancellationToken cancellation = default)
    {
        name = name.Trim();
        return Check(name) is not ViewProblem.None and var problem
            ? RefusedAsync(problem, cancellation)
            : ChangeAsync(id, (db, caller, view) =>
            {
                if (view.Shared) db.Audit(caller, "views.rename", "view", view.Id, name, new { before = view.Name });
                view.Name = name;
            }, cancellation);
    }

    public Task<ViewProblem> ShareAsync(Guid id, bool shared, CancellationToken cancellation = default) => ChangeAsync(id, (db, caller, view) =>
    {
        db.Audit(caller, shared ? "views.share" : "views.unshare", "view", view.Id, view.Name, new { list = view.List, query = view.Query });
        view.Shared = shared;
    }, cancellation);

    public Task<ViewProblem> DeleteAsync(Guid id, CancellationToken cancellation = default) => ChangeAsync(id, (db, caller, view) =>
    {
        if (view.Shared) db.Audit(caller, "views.delete", "view", view.Id, view.Name);
        db.Remove(view);
    }, cancellation);

    /// <param name="query">What the caller's list begins with from now on; null for the list's own beginning.</param>
    public async Task<ViewProblem> SetDefaultAsync(string list, string? query, CancellationToken cancellation = default)
    {
        var caller = await RequireAsync(list, cancellation, change: true);
        if (query?.Length > LongestQuery) return ViewProblem.TooLong;
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var start = await db.Set<SavedView>().SingleOrDefaultAsync(v => v.OwnerId == caller.PersonId && v.List == list && v.Name == DefaultName, cancellation);
        if (query is null)
        {
            if (start is not null) db.Remove(start);
        }
        else if (start is null) db.Add(New(caller, list, DefaultName, query));
        else start.Query = query;
        return await SaveAsync(db, cancellation);
    }

    private async Task<ViewProblem> ChangeAsync(Guid id, Action<AppDbContext, Caller, SavedView> change, CancellationToken cancellation)
    {
        var caller = await guard.RequireChange(cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        if (await db.Set<SavedView>().SingleOrDefaultAsync(v => v.Id == id && v.OwnerId == caller.PersonId, cancellation) is not { } view) return ViewProblem.Gone;
        await RequireAsync(view.List, cancellation);
        change(db, caller, view);
        return await SaveAsync(db, cancellation);
    }

    private async Task<ViewProblem> RefusedAsync(ViewProblem problem, CancellationToken cancellation)
    {
        await guard.RequireChange(cancellation);
        return problem;
    }

    private async Task<ViewProblem> SaveAsync(AppDbContext db, CancellationToken cancellation)
    {
        try
        {
            await db.SaveChangesAsync(cancellation);
            return ViewProblem.None;
        }
        catch (DbUpdateConcurrencyException)
        {
            return ViewProblem.Gone;
        }
        catch (DbUpdateException exception) when (dialect.IsDuplicateKey(exception))
        {
            return ViewProblem.NameTaken;
        }
    }

    private SavedView New(Caller caller, string list, string name, string query) => new()
    {
        Id = Guid.CreateVersion7(), TenantId = caller.TenantId, OwnerId = caller.PersonId, List = list, Name = name, Query = query, CreatedAt = time.GetUtcNow(),
    };

    private static ViewProblem Check(string name) => name.Length switch
    {
        0 => ViewProblem.NameMissing,
        > LongestName => ViewProblem.NameTooLong,
        _ => ViewProblem.None,
    };

    private async Task<Caller> RequireAsync(string list, CancellationToken cancellation, bool change = false)
    {
        var caller = change ? await guard.RequireChange(cancellation) : await guard.RequireSignedIn(cancellation);
        var entry = entries.FirstOrDefault(e => e.Route == list) ?? throw new ArgumentException($"There is no list {list}.", nameof(list));
        return entry.Permission is { } permission ? await guard.Require(permission, cancellation) : caller;
    }
}
