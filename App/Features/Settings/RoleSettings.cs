using BlazorAdmin.Data;
using BlazorAdmin.Features.Users;
using BlazorAdmin.Live;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Settings;

/// <summary>Keeps settings that name roles (<see cref="NamesRolesAttribute"/>) and the roles themselves together.</summary>
public sealed class RoleSettings(SettingsCatalog catalog, SettingsStatus status, IDatabaseDialect dialect, Topic<SettingsChanged> topic, TimeProvider time)
{
    private IReadOnlyList<SettingKey>? _keys;

    private IReadOnlyList<SettingKey> Keys => _keys ??= [.. catalog.Sections.SelectMany(SettingKeys.Declared).Where(key => key.Shape.Roles is not null)];

    /// <summary>Says of each entry outside and inside the portal that names nobody's role so, until it does.</summary>
    internal async Task ReportAsync(AppDbContext db, CancellationToken cancellation)
    {
        var named = Keys.Select(key => (key.Declared, Entries: Entries(key))).ToList();
        if (named.TrueForAll(n => n.Entries.Count == 0))
        {
            foreach (var (key, _) in named) status.Resolve(key);
            return;
        }

        var roles = (await db.Roles.Select(r => r.Name!).ToListAsync(cancellation)).ToHashSet(StringComparer.OrdinalIgnoreCase);
        // Before the installation has its first roles nothing can be said.
        if (roles.Count == 0) return;
        foreach (var (key, entries) in named)
        {
            var unknown = entries.Where(entry => !roles.Contains(entry.Role)).Select(entry => $"'{entry.Role}' ({SettingOrigin.Of(catalog.Configuration, entry.Name).Describe()})").ToList();
            if (unknown.Count == 0) status.Resolve(key);
            else status.Report(key, $"{key} names a role that does not exist: {string.Join(", ", unknown)}. Write the name of a role from the Roles tab.");
        }
    }

    /// <summary>What is wrong with an entry that is to be saved; null if nothing is.</summary>
    internal static async Task<SettingIssue?> CheckAsync(AppDbContext db, Guid tenant, SettingKey key, string value, CancellationToken cancellation)
    {
        if (key.Shape.Roles is not { } names) return null;
        var role = names.RoleIn(value);
        var roles = await db.Roles.Where(r => r.TenantId == tenant).OrderBy(r => r.Name).Select(r => r.Name!).ToListAsync(cancellation);
        return roles.Contains(role, StringComparer.OrdinalIgnoreCase) ? null : new SettingIssue(key.Name, SettingFault.NoSuchRole, role, string.Join(", ", roles));
    }

    /// <summary>
    /// Within the caller's transaction: entries of the portal take the new name of a role that is renamed, those of a role that is deleted go.
    /// The caller has <see cref="HoldAsync"/>.
    /// </summary>
    /// <param name="to">Null if the role is deleted.</param>
    /// <returns>The setting outside the portal that names the role and not yet the new name; null if everything follows.</returns>
    internal async Task<string?> FollowAsync(AppDbContext db, Caller caller, string from, string? to, CancellationToken cancellation)
    {
        var rows = (await db.Set<SettingOverride>().ToListAsync(cancellation)).ToDictionary(row => row.Key, StringComparer.OrdinalIgnoreCase);
        var batch = Guid.CreateVersion7(time.GetUtcNow());
        var any = false;
        foreach (var key in Keys)
        {
            var entries = Entries(key);
            var outside = entries.Where(entry => !rows.ContainsKey(entry.Name)).ToList();
            if (to is not null && outside.Exists(entry => Same(entry.Role, from)) && !outside.Exists(entry => Same(entry.Role, to))) return outside.First(entry => Same(entry.Role, from)).Name;
            foreach (var row in rows.Values.Where(row => row.Key.StartsWith(key.Declared + ":", StringComparison.OrdinalIgnoreCase) && row.Value is not null && Same(key.Shape.Roles!.RoleIn(row.Value), from)).ToList())
            {
                Write(db, caller, row, to is null ? null : key.Shape.Roles!.WithRole(row.Value!, to), batch, to is null ? $"Role {from} deleted" : $"Role {from} is now {to}");
                any = true;
            }
        }

        if (any) db.AfterCommit(() => topic.Publish(new SettingsChanged(batch)));
        return null;
    }

    /// <summary>No settings change until it is disposed.</summary>
    internal async Task<IAsyncDisposable> HoldAsync(AppDbContext db, CancellationToken cancellation)
    {
        await db.Database.OpenConnectionAsync(cancellation);
        return await dialect.LockAsync(db.Database.GetDbConnection(), SettingsService.LockName, cancellation);
    }

    private void Write(AppDbContext db, Caller caller, SettingOverride row, string? value, Guid batch, string reason)
    {
        var now = time.GetUtcNow();
        db.Add(new SettingChange
        {
            TenantId = row.TenantId, Batch = batch, Key = row.Key, OldValue = row.Value, NewValue = value, ChangedAt = now, ChangedBy = caller.UserId,
            Reason = reason[..Math.Min(reason.Length, SettingsService.MostReason)],
        });
        if (value is null) db.Remove(row);
        else (row.Value, row.ChangedAt, row.ChangedBy) = (value, now, caller.UserId);
    }

    private List<(string Name, string Role)> Entries(SettingKey key) =>
        [.. catalog.Configuration.GetSection(key.Declared).AsEnumerable().Where(pair => !string.IsNullOrWhiteSpace(pair.Value)).Select(pair => (pair.Key, key.Shape.Roles!.RoleIn(pair.Value!)))];

    private static bool Same(string one, string other) => one.Equals(other, StringComparison.OrdinalIgnoreCase);
}
