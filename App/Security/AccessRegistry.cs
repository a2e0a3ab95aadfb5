using System.Collections.Concurrent;
using System.Collections.Frozen;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Directories;
using BlazorAdmin.Features.Settings;
using BlazorAdmin.Features.Users;
using BlazorAdmin.Live;
using BlazorAdmin.Shell;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Security;

/// <summary>What a session may do now. Null from <see cref="AccessRegistry"/> means: not signed in any more.</summary>
public sealed record Access(Guid UserId, Guid SessionId, Guid TenantId, string Name, string Email, FrozenSet<string> Roles, FrozenSet<string> Permissions, Preferences Preferences)
{
    /// <summary>A role demands a second factor and the person has none: until they do they hold no permission.</summary>
    public bool LacksFactor { get; init; }

    public SignInMethod Method { get; init; }

    /// <summary>The name by which a trusted proxy vouches for the session; null if none does.</summary>
    public string? ProxyName { get; init; }

    /// <summary>Hash of the person's picture; null: none.</summary>
    public string? Picture { get; init; }

    /// <summary>Why the session can only read; null: it can change what <see cref="Permissions"/> allow.</summary>
    public ReadOnlyReason? ReadOnly { get; init; }

    /// <summary>Permissions to change that <see cref="ReadOnly"/> takes away.</summary>
    public FrozenSet<string> Withheld { get; init; } = FrozenSet<string>.Empty;

    /// <summary>Who looks at the portal as this person; null: the person.</summary>
    public Impersonator? Impersonator { get; init; }

    /// <summary>What people are told while the portal is in maintenance, also those who may go on changing things.</summary>
    public MaintenanceNotice? Maintenance { get; init; }

    /// <summary>True if nothing that a page shows or allows differs.</summary>
    public bool Grants(Access other) =>
        LacksFactor == other.LacksFactor && Name == other.Name && Picture == other.Picture && Preferences == other.Preferences && ReadOnly == other.ReadOnly && Maintenance == other.Maintenance && Roles.SetEquals(other.Roles) && Permissions.SetEquals(other.Permissions);
}

/// <summary>The administrator behind a session that looks at the portal as somebody else.</summary>
public sealed record Impersonator(Guid Id, string Name);

/// <summary>
/// Reads a session's rights from the database and keeps them for two seconds at most; <see cref="AccessChanged"/> drops them
/// at once. So a lost message costs two seconds, never a stale right.
/// </summary>
public sealed class AccessRegistry : IDisposable
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(2);

    // Counts into the session's two seconds.
    private static readonly TimeSpan RolesLifetime = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<Guid, Entry> _bySession = new();
    private readonly IDbContextFactory<AppDbContext> _databases;
    private readonly IOptionsMonitor<SecurityOptions> _options;
    private readonly TimeProvider _time;
    private readonly IOptionsMonitor<MaintenanceOptions> _maintenance;
    private readonly PermissionCatalog _catalog;
    private readonly IDisposable _subscription;
    private readonly IDisposable? _maintenanceChanges;
    private long _version;
    private KnownRoles? _roles;

    public AccessRegistry(
        IDbContextFactory<AppDbContext> databases, IOptionsMonitor<SecurityOptions> options, IOptionsMonitor<MaintenanceOptions> maintenance, PermissionCatalog catalog, TimeProvider time,
        Topic<AccessChanged> changes)
    {
        (_maintenance, _catalog) = (maintenance, catalog);
        _databases = databases;
        _options = options;
        _time = time;
        _subscription = changes.Subscribe(Forget, () => Forget(new AccessChanged(null)));
        _maintenanceChanges = maintenance.OnChange(_ => Forget(new AccessChanged(null)));
    }

    /// <summary>The session's rights, or null if it ended, expired, or its account is closed.</summary>
    public async ValueTask<Access?> GetAsync(Guid sessionId, CancellationToken cancellation = default)
    {
        if (_bySession.TryGetValue(sessionId, out var entry) && _time.GetElapsedTime(entry.ReadAt) < Lifetime) return entry.Access;
        var version = Interlocked.Read(ref _version);
        var readAt = _time.GetTimestamp();
        var (access, rolesReadAt) = await ReadAsync(sessionId, cancellation);
        // Something changed while we read: what we hold may be the old state, so it is used once and not kept.
        if (version == Interlocked.Read(ref _version)) Keep(sessionId, new Entry(access, Math.Min(readAt, rolesReadAt)));
        // Or between the question and the keeping.
        if (version != Interlocked.Read(ref _version)) _bySession.TryRemove(sessionId, out _);
        return access;
    }

    private void Keep(Guid sessionId, Entry entry)
    {
        if (_bySession.Count > 10_000) _bySession.Clear();
        _bySession[sessionId] = entry;
    }

    private void Forget(AccessChanged change)
    {
        Interlocked.Increment(ref _version);
        foreach (var (session, entry) in _bySession)
            if (change.UserId is null || entry.Access is null || entry.Access.UserId == change.UserId || entry.Access.Impersonator?.Id == change.UserId)
                _bySession.TryRemove(session, out _);
    }

    /// <returns>The rights, and since when the oldest part of them stands.</returns>
    private async Task<(Access? Access, long RolesReadAt)> ReadAsync(Guid sessionId, CancellationToken cancellation)
    {
        var now = _time.GetUtcNow();
        await using var db = await _databases.CreateDbContextAsync(cancellation);
        var found = await (
            from session in db.Set<SignInSession>().AsNoTracking()
            join user in db.Users on session.UserId equals user.Id
            where session.Id == sessionId && session.EndedAt == null && session.ExpiresAt > now && user.DeactivatedAt == null
            select new { user.Id, user.TenantId, user.DisplayName, user.Email, user.Language, user.TimeZone, user.Theme, user.Density, user.AuthenticatorSince, session.Method, session.ImpersonatorId, Picture = db.Set<UserPicture>().Where(p => p.UserId == user.Id).Select(p => p.Hash).FirstOrDefault(), Roles = db.UserRoles.Where(l => l.UserId == user.Id).Select(l => l.RoleId).ToList() }).SingleOrDefaultAsync(cancellation);
        if (found is null) return (null, _time.GetTimestamp());
        var (book, set) = await SetAsync(db, found.Roles, cancellation);
        var (roles, permissions) = (set.Names, set.Permissions);
        var proxy = found.Method != SignInMethod.Proxy ? null
            : await db.UserLogins.AsNoTracking().Where(l => l.LoginProvider == ExternalSource.Proxy && l.UserId == found.Id).Select(l => l.ProviderKey).FirstOrDefaultAsync(cancellation);
        Impersonator? looker = null;
        if (found.ImpersonatorId is { } id)
        {
            if (await LookerAsync(db, id, sessionId, now, cancellation) is not var (name, own)) return (null, book.ReadAt);
            (looker, permissions) = (new Impersonator(id, name), _catalog.Common(permissions, own));
        }

        var maintenance = _maintenance.CurrentValue.Notice;
        var readOnly = looker is not null ? ReadOnlyReason.Impersonation : maintenance is not null && !permissions.Contains(SettingsPermissions.Manage) ? ReadOnlyReason.Maintenance : (ReadOnlyReason?)null;
        var withheld = readOnly is null ? FrozenSet<string>.Empty : permissions.Where(p => !_catalog.Reads(p)).ToFrozenSet();
        if (withheld.Count > 0) permissions = permissions.Except(withheld).ToFrozenSet();
        var lacks = found.AuthenticatorSince is null && !found.Method.IsStrong() && _options.CurrentValue.RequiresSecondFactor(roles);
        return (new Access(
            found.Id, sessionId, found.TenantId, found.DisplayName, found.Email ?? "",
            roles, lacks ? FrozenSet<string>.Empty : permissions,
            new OwnPreferences(found.Theme, found.Density, found.Language, found.TimeZone).Over(set.Defaults).Effective)
        {
            LacksFactor = lacks, Method = found.Method, ProxyName = proxy, Picture = found.Picture, ReadOnly = readOnly, Withheld = withheld, Impersonator = looker, Maintenance = maintenance,
        }, book.ReadAt);
    }

    /// <summary>What the roles bring, out of a reading of all roles that is at most <see cref="RolesLifetime"/> old.</summary>
    private async Task<(RoleBook Book, RoleSet Set)> SetAsync(AppDbContext db, List<Guid> ids, CancellationToken cancellation)
    {
        var version = Interlocked.Read(ref _version);
        if (Volatile.Read(ref _roles) is { } known && known.Version == version && _time.GetElapsedTime(known.Book.ReadAt) < RolesLifetime && known.Book.Find(ids) is { } set) return (known.Book, set);
        var book = await RoleBook.ReadAsync(db, _time.GetTimestamp(), cancellation);
        Volatile.Write(ref _roles, new KnownRoles(book, version));
        // A role that was deleted between the two readings brings nothing.
        return (book, book.Find(ids) ?? book.Find([.. ids.Where(id => book.Find([id]) is not null)])!);
    }

    // Looking ends with the very sign-in of the administrator from which it began, and with their right to it.
    private async Task<(string Name, FrozenSet<string> Permissions)?> LookerAsync(AppDbContext db, Guid id, Guid looking, DateTimeOffset now, CancellationToken cancellation)
    {
        var sessions = await db.Set<SignInSession>().AsNoTracking().Where(s => s.UserId == id && s.EndedAt == null && s.ExpiresAt > now && s.ImpersonatorId == null)
            .Select(s => new { s.Id, s.Method }).ToListAsync(cancellation);
        if (sessions.Find(s => LookingId.BeganFrom(looking, s.Id)) is not { } own) return null;
        var isStrong = own.Method.IsStrong();
        var found = await db.Users.AsNoTracking().Where(u => u.Id == id && u.DeactivatedAt == null)
            .Select(u => new { u.DisplayName, HasFactor = u.AuthenticatorSince != null || isStrong }).SingleOrDefaultAsync(cancellation);
        if (found is null) return null;
        var (roles, permissions) = await RolesAsync(db, id, cancellation);
        // Without the second factor that a role demands they hold no right of their own either.
        if (!found.HasFactor && _options.CurrentValue.RequiresSecondFactor(roles)) return null;
        return permissions.Contains(UsersPermissions.Impersonate) ? (found.DisplayName, permissions) : null;
    }

    /// <summary>Names of a person's roles, and of the permissions that these bring now.</summary>
    internal static async Task<(FrozenSet<string> Roles, FrozenSet<string> Permissions)> RolesAsync(AppDbContext db, Guid userId, CancellationToken cancellation)
    {
        var roles = await (
            from link in db.UserRoles.AsNoTracking()
            join role in db.Roles on link.RoleId equals role.Id
            where link.UserId == userId
            select new { role.Name, Permissions = role.Permissions.Select(p => p.Permission).ToList() }).ToListAsync(cancellation);
        return (roles.Select(r => r.Name!).ToFrozenSet(), roles.SelectMany(r => r.Permissions).ToFrozenSet());
    }

    public void Dispose()
    {
        _subscription.Dispose();
        _maintenanceChanges?.Dispose();
    }

    /// <summary>The roles, and before which change they were read: a later one makes them worthless.</summary>
    private sealed record KnownRoles(RoleBook Book, long Version);

    private sealed record Entry(Access? Access, long ReadAt);
}
