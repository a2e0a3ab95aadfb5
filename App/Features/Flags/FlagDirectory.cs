using System.Linq.Expressions;
using BlazorAdmin.Data;
using BlazorAdmin.Security;
using BlazorAdmin.Shell.Lists;

namespace BlazorAdmin.Features.Flags;

/// <summary>Reads flags for people: list, details, history, who was given what.</summary>
public sealed class FlagDirectory(IDbContextFactory<AppDbContext> databases, Guard guard, FlagCatalog catalog, FlagStore store, TimeProvider time)
{
    /// <summary>After how many days without a question or a difference a flag counts as stale.</summary>
    public const int StaleDays = 30;

    public static readonly ListQuery Defaults = new() { Sort = "key" };
    public static readonly ListQuery GivenDefaults = new() { Sort = "last", Descending = true };

    private static readonly Keyset<Flag> Orders = Keyset<Flag>.Create(f => f.Id, "key").By("key", f => f.Key).By("asked", f => f.LastAskedAt).By("changed", f => f.ChangedAt);
    private static readonly Keyset<FlagExposure> GivenOrders = Keyset<FlagExposure>.Create(e => e.UserId, "last", descending: true).By("last", e => e.LastAt);

    public async Task<ListPage<FlagRow>> ListAsync(ListQuery query, CancellationToken cancellation)
    {
        var caller = await guard.Require(FlagsPermissions.Read, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var source = await MatchingAsync(db, caller, query, cancellation);
        var page = await Orders.Page(db, source, query, f => f, cancellation);
        var rows = await WithStaleAsync(db, [.. page.Rows.Select(f => FlagRow.Of(f, catalog))], cancellation);
        return new ListPage<FlagRow>(rows) { Next = page.Next, Previous = page.Previous, First = page.First, PendingNew = page.PendingNew, Total = await source.CountUpTo(cancellation) };
    }

    /// <summary>All that match in the list's order: at most <see cref="FlagsService.MostFlags"/>.</summary>
    public async Task<IReadOnlyList<FlagRow>> AllAsync(ListQuery query, CancellationToken cancellation)
    {
        var caller = await guard.Require(FlagsPermissions.Read, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var flags = await Orders.Ordered(await MatchingAsync(db, caller, query, cancellation), query).ToListAsync(cancellation);
        return await WithStaleAsync(db, [.. flags.Select(f => FlagRow.Of(f, catalog))], cancellation);
    }

    /// <returns>Null if there is no such flag in the caller's tenant.</returns>
    public async Task<FlagRow?> GetAsync(string key, CancellationToken cancellation) => await OneAsync(f => f.Key == key, cancellation);

    /// <inheritdoc cref="GetAsync(string, CancellationToken)"/>
    public async Task<FlagRow?> GetAsync(Guid id, CancellationToken cancellation) => await OneAsync(f => f.Id == id, cancellation);

    /// <summary>Keys that code asks for on this node and that do not exist.</summary>
    public async Task<IReadOnlyCollection<string>> UnknownAsync(CancellationToken cancellation)
    {
        var caller = await guard.Require(FlagsPermissions.Read, cancellation);
        var unknown = store.Unknown;
        if (unknown.Count == 0) return unknown;
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var made = await Mine(db, caller).Where(f => unknown.Contains(f.Key)).Select(f => f.Key).ToListAsync(cancellation);
        return [.. unknown.Except(made)];
    }

    /// <summary>The latest forms that the flag had, the newest first.</summary>
    public async Task<IReadOnlyList<FlagVersionRow>> HistoryAsync(Guid id, int most, CancellationToken cancellation)
    {
        var caller = await guard.Require(FlagsPermissions.Read, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        if (!await Mine(db, caller).AnyAsync(f => f.Id == id, cancellation)) return [];
        var versions = await (
            from version in db.Set<FlagVersion>().AsNoTracking()
            where version.FlagId == id && version.Version != FlagVersion.Proposed
            orderby version.Version descending
            select new { Row = version, Author = db.Users.Where(u => u.Id == version.CreatedBy).Select(u => u.DisplayName).FirstOrDefault() }).Take(most).ToListAsync(cancellation);
        return [.. versions.Select(v => new FlagVersionRow(v.Row.Version, v.Row.Enabled, FlagDefinition.TryRead(v.Row.Definition), v.Row.CreatedAt, v.Author, v.Row.Note))];
    }

    /// <returns>Who made the form that is in force; null for the portal itself, and for somebody whose account is gone.</returns>
    public async Task<string?> LatestAuthorAsync(Guid id, CancellationToken cancellation)
    {
        var caller = await guard.Require(FlagsPermissions.Read, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var mine = Mine(db, caller);
        return await (
            from version in db.Set<FlagVersion>().AsNoTracking()
            where version.FlagId == id && version.Version != FlagVersion.Proposed && mine.Any(f => f.Id == id)
            orderby version.Version descending
            select db.Users.Where(u => u.Id == version.CreatedBy).Select(u => u.DisplayName).FirstOrDefault()).FirstOrDefaultAsync(cancellation);
    }

    /// <summary>Who was given what, the latest first; filters <c>variant</c>, search by name or address.</summary>
    public async Task<ListPage<FlagExposureRow>> GivenAsync(Guid id, ListQuery query, CancellationToken cancellation)
    {
        var caller = await guard.Require(FlagsPermissions.Read, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var source = db.Set<FlagExposure>().AsNoTracking().Where(e => e.FlagId == id && e.TenantId == caller.TenantId);
        if (query.Filter("variant") is { } variant) source = source.Where(e => e.Variant == variant);
        if (query.Search.Length > 0)
        {
            var (lower, upper) = (query.Search.ToLowerInvariant(), query.Search.ToUpperInvariant());
            source = source.Where(e => db.Users.Any(u => u.Id == e.UserId && (u.DisplayName.ToLower().Contains(lower) || u.NormalizedEmail!.Contains(upper))));
        }

        var page = await GivenOrders.Page(db, source, query, e => new FlagExposureRow(
            e.UserId, db.Users.Where(u => u.Id == e.UserId).Select(u => u.DisplayName).FirstOrDefault(), e.Variant, e.Version, e.Reason, e.FirstAt, e.LastAt), cancellation);
        return page with { Total = await source.CountUpTo(cancellation) };
    }

    /// <summary>The few whose key or description contains <paramref name="text"/>, for the command palette.</summary>
    public async Task<IReadOnlyList<FlagRow>> FindAsync(string text, int limit, CancellationToken cancellation)
    {
        var caller = await guard.Require(FlagsPermissions.Read, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var found = await (await MatchingAsync(db, caller, Defaults.WithSearch(text), cancellation)).OrderBy(f => f.Key).Take(limit).ToListAsync(cancellation);
        return [.. found.Select(f => FlagRow.Of(f, catalog))];
    }

    /// <summary>What a definition is checked against, but for the flag <paramref name="except"/> itself.</summary>
    internal static async Task<FlagSurroundings> AroundAsync(AppDbContext db, Caller caller, string? except, CancellationToken cancellation)
    {
        var others = await Mine(db, caller).AsNoTracking().Where(f => f.ArchivedAt == null && f.Key != except).Select(f => new { f.Key, f.Definition }).ToListAsync(cancellation);
        var roles = await db.Roles.Where(r => r.TenantId == caller.TenantId).Select(r => r.Id).ToListAsync(cancellation);
        return new FlagSurroundings(others.Select(o => (o.Key, Definition: FlagDefinition.TryRead(o.Definition))).Where(o => o.Definition is not null).ToDictionary(o => o.Key, o => o.Definition!, StringComparer.Ordinal), roles.ToHashSet());
    }

    private async Task<FlagRow?> OneAsync(Expression<Func<Flag, bool>> which, CancellationToken cancellation)
    {
        var caller = await guard.Require(FlagsPermissions.Read, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var flag = await Mine(db, caller).AsNoTracking().SingleOrDefaultAsync(which, cancellation);
        return flag is null ? null : (await WithStaleAsync(db, [FlagRow.Of(flag, catalog)], cancellation))[0];
    }

    private async Task<IQueryable<Flag>> MatchingAsync(AppDbContext db, Caller caller, ListQuery query, CancellationToken cancellation)
    {
        var flags = Mine(db, caller).AsNoTracking();
        var state = query.Filter("state");
        flags = state == "archived" ? flags.Where(f => f.ArchivedAt != null) : flags.Where(f => f.ArchivedAt == null);
        if (query.Search.Length > 0)
        {
            var lower = query.Search.ToLowerInvariant();
            flags = flags.Where(f => f.Key.Contains(lower) || f.Description!.ToLower().Contains(lower));
        }

        switch (state)
        {
            case "on": return flags.Where(f => f.Enabled);
            case "off": return flags.Where(f => !f.Enabled);
            case "scheduled" or "stale":
                // Both are read from definitions, of which there are few.
                var rows = await WithStaleAsync(db, [.. (await flags.ToListAsync(cancellation)).Select(f => FlagRow.Of(f, catalog))], cancellation);
                var now = time.GetUtcNow();
                var ids = rows.Where(r => state == "stale" ? r.Stale != FlagStale.None : r.IsScheduledAt(now)).Select(r => r.Id).ToList();
                return flags.Where(f => ids.Contains(f.Id));
            default: return flags;
        }
    }

    private async Task<IReadOnlyList<FlagRow>> WithStaleAsync(AppDbContext db, IReadOnlyList<FlagRow> rows, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var (since, today) = (now.AddDays(-StaleDays), DateOnly.FromDateTime(now.UtcDateTime));
        var judged = rows.Select(row => row with { Stale = Judge(row, since, today) }).ToList();
        var unchanged = judged.Where(r => r is { Stale: FlagStale.None, ArchivedAt: null, Definition.Permanent: false } && r.ChangedAt < since).Select(r => r.Id).ToList();
        if (unchanged.Count == 0) return judged;
        // The ends of an index: what all of a hundred thousand were given costs as much as what two were.
        var same = (await db.Set<Flag>().Where(f => unchanged.Contains(f.Id)).Select(f => new
        {
            f.Id,
            First = db.Set<FlagExposure>().Where(e => e.FlagId == f.Id).Min(e => e.Variant),
            Last = db.Set<FlagExposure>().Where(e => e.FlagId == f.Id).Max(e => e.Variant),
        }).ToListAsync(cancellation)).Where(f => f.First is not null && f.First == f.Last).Select(f => f.Id).ToHashSet();
        return [.. judged.Select(row => same.Contains(row.Id) ? row with { Stale = FlagStale.SameForAll } : row)];
    }

    private static FlagStale Judge(FlagRow row, DateTimeOffset since, DateOnly today) => row switch
    {
        { ArchivedAt: not null } or { Definition: null } or { Definition.Permanent: true } => FlagStale.None,
        _ when row.Definition.EndsOn < today => FlagStale.PastEnd,
        _ when (row.LastAskedAt ?? row.CreatedAt) < since => FlagStale.NotAsked,
        _ => FlagStale.None,
    };

    private static IQueryable<Flag> Mine(AppDbContext db, Caller caller) => db.Set<Flag>().Where(f => f.TenantId == caller.TenantId);
}
