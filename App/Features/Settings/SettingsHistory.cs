using BlazorAdmin.Data;
using BlazorAdmin.Security;
using BlazorAdmin.Shell.Lists;

namespace BlazorAdmin.Features.Settings;

/// <summary>One line of the history. Of a secret, values are null: only whether there was one is said.</summary>
public sealed record SettingChangeRow
{
    public required long Id { get; init; }

    public required Guid Batch { get; init; }

    public required string Key { get; init; }

    public string? From { get; init; }

    public string? To { get; init; }

    public bool WasSet { get; init; }

    public bool IsSet { get; init; }

    public bool IsSecret { get; init; }

    public DateTimeOffset At { get; init; }

    public Guid? ById { get; init; }

    /// <summary>Name of whoever did it; null for the portal itself.</summary>
    public string? By { get; init; }

    public string? Reason { get; init; }
}

/// <summary>Who changed which value of the portal, when and why.</summary>
public sealed class SettingsHistory(IDbContextFactory<AppDbContext> databases, Guard guard)
{
    public static readonly ListQuery Defaults = new() { Sort = "time", Descending = true };

    private static readonly Keyset<SettingChange> Orders = Keyset<SettingChange>.Create(c => c.Id, "time", descending: true).By("time", c => c.Id);

    public async Task<ListPage<SettingChangeRow>> ListAsync(ListQuery query, CancellationToken cancellation)
    {
        var caller = await guard.Require(SettingsPermissions.Read, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var source = db.Set<SettingChange>().AsNoTracking().Where(c => c.TenantId == caller.TenantId);
        if (query.Filter("section") is { } section) source = source.Where(c => c.Key.StartsWith(section + ":"));
        if (query.Search.Length > 0)
        {
            var lower = query.Search.ToLowerInvariant();
            source = source.Where(c => c.Key.ToLower().Contains(lower) || (c.Reason != null && c.Reason.ToLower().Contains(lower)));
        }

        var page = await Orders.Page(db, source, query, Row, cancellation);
        return page with { Rows = await WithNamesAsync(db, page.Rows, cancellation), Total = await source.CountUpTo(cancellation) };
    }

    /// <returns>All lines of the batch that line <paramref name="id"/> belongs to; empty if there is none of that number.</returns>
    public async Task<IReadOnlyList<SettingChangeRow>> BatchOfAsync(long id, CancellationToken cancellation)
    {
        var caller = await guard.Require(SettingsPermissions.Read, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var changes = db.Set<SettingChange>().AsNoTracking().Where(c => c.TenantId == caller.TenantId);
        var batch = changes.Where(c => c.Id == id).Select(c => c.Batch);
        return await WithNamesAsync(db, await changes.Where(c => batch.Contains(c.Batch)).OrderBy(c => c.Id).Select(Row).ToListAsync(cancellation), cancellation);
    }

    private static System.Linq.Expressions.Expression<Func<SettingChange, SettingChangeRow>> Row => c => new SettingChangeRow
    {
        Id = c.Id, Batch = c.Batch, Key = c.Key, From = c.Encrypted ? null : c.OldValue, To = c.Encrypted ? null : c.NewValue, WasSet = c.OldValue != null, IsSet = c.NewValue != null,
        IsSecret = c.Encrypted, At = c.ChangedAt, ById = c.ChangedBy, Reason = c.Reason,
    };

    private static async Task<IReadOnlyList<SettingChangeRow>> WithNamesAsync(AppDbContext db, IReadOnlyList<SettingChangeRow> rows, CancellationToken cancellation)
    {
        var ids = rows.Select(r => r.ById).OfType<Guid>().Distinct().ToList();
        var names = await db.Users.AsNoTracking().Where(u => ids.Contains(u.Id)).ToDictionaryAsync(u => u.Id, u => u.DisplayName, cancellation);
        return [.. rows.Select(r => r.ById is { } by ? r with { By = names.GetValueOrDefault(by) } : r)];
    }
}
