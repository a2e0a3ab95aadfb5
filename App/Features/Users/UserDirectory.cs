using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Security;
using BlazorAdmin.Shell.Lists;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Features.Users;

/// <summary>Who has an account: list, details, roles that can be given.</summary>
public sealed class UserDirectory(IDbContextFactory<AppDbContext> databases, Guard guard, SignInThrottle throttle, IOptionsMonitor<PrivacyOptions> privacy, TimeProvider time)
{
    internal static readonly ListQuery Defaults = new() { Sort = "name" };

    /// <summary>Commands of a person that are looked at when their activity is counted.</summary>
    public const int MostCommands = 2_000;

    private const int ActivityDays = 90;
    private const int AreasShown = 5;

    internal static readonly Keyset<User> Orders = Keyset<User>.Create(u => u.Id, "name")
        .By("name", u => u.DisplayName).By("created", u => u.CreatedAt).By("seen", u => u.LastSignInAt);

    public async Task<ListPage<UserRow>> ListAsync(ListQuery query, CancellationToken cancellation)
    {
        var caller = await guard.Require(UsersPermissions.Read, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var source = Matching(db, caller, query);
        var page = await Orders.Page(db, source, query, u => new UserRow
        {
            Id = u.Id, Name = u.DisplayName, Email = u.Email!, DeactivatedAt = u.DeactivatedAt, LastSignInAt = u.LastSignInAt, CreatedAt = u.CreatedAt, InvitedAt = u.InvitedAt,
        }, cancellation);
        var ids = page.Rows.Select(r => r.Id).ToList();
        var roles = (await (from link in db.UserRoles
                            join role in db.Roles on link.RoleId equals role.Id
                            where ids.Contains(link.UserId)
                            select new { link.UserId, role.Name }).ToListAsync(cancellation)).ToLookup(r => r.UserId, r => r.Name!);
        var invitations = await InvitationEndsAsync(db, page.Rows.Where(r => r.IsInvited).Select(r => r.Id).ToList(), cancellation);
        return page with
        {
            Rows = [.. page.Rows.Select(r => r with { Roles = [.. roles[r.Id].Order(StringComparer.CurrentCulture)], InvitationEndsAt = invitations.TryGetValue(r.Id, out var ends) ? ends : null })],
            Total = await source.CountUpTo(cancellation),
        };
    }

    /// <returns>Null if there is no such account in the caller's tenant.</returns>
    public async Task<UserDetails?> GetAsync(Guid id, CancellationToken cancellation)
    {
        var caller = await guard.Require(UsersPermissions.Read, cancellation);
        var now = time.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var user = await db.Users.AsNoTracking().SingleOrDefaultAsync(u => u.Id == id && u.TenantId == caller.TenantId, cancellation);
        if (user is null) return null;
        var roles = await (from link in db.UserRoles join role in db.Roles on link.RoleId equals role.Id where link.UserId == id select new { role.Id, role.Name }).ToListAsync(cancellation);
        var row = new UserRow
        {
            Id = user.Id, Name = user.DisplayName, Email = user.Email!, Roles = [.. roles.Select(r => r.Name!)],
            DeactivatedAt = user.DeactivatedAt, LastSignInAt = user.LastSignInAt, CreatedAt = user.CreatedAt, InvitedAt = user.InvitedAt,
        };
        var sessions = await db.Set<SignInSession>().CountAsync(s => s.UserId == id && s.EndedAt == null && s.ExpiresAt > now, cancellation);
        if (row.IsInvited) row = row with { InvitationEndsAt = (await InvitationEndsAsync(db, [id], cancellation)).TryGetValue(id, out var ends) ? ends : null };
        return new UserDetails(row, [.. roles.Select(r => r.Id)], await throttle.IsLockedAsync(db, user.NormalizedEmail!, cancellation), sessions, id == caller.UserId)
        {
            AuthenticatorSince = user.AuthenticatorSince,
            IsGoneFromDirectory = user.DirectoryGoneAt is not null,
            Passkeys = await db.UserPasskeys.CountAsync(p => p.UserId == id, cancellation),
            Picture = await db.Set<UserPicture>().Where(p => p.UserId == id).Select(p => p.Hash).SingleOrDefaultAsync(cancellation),
            Topics = (await Privacy.SeenAsync(db, caller, privacy.CurrentValue.Expertise, [id], cancellation)).Count > 0 ? await TopicsAsync(db, id, cancellation) : null,
            Activity = (await Privacy.SeenAsync(db, caller, privacy.CurrentValue.Activity, [id], cancellation)).Count > 0 ? await ActivityAsync(db, caller.TenantId, id, now, cancellation) : null,
        };
    }

    private async Task<Dictionary<Guid, DateTimeOffset>> InvitationEndsAsync(AppDbContext db, List<Guid> ids, CancellationToken cancellation)
    {
        if (ids.Count == 0) return [];
        var now = time.GetUtcNow();
        return await db.Set<SignInLink>().Where(l => ids.Contains(l.UserId) && l.Kind == SignInLinkKind.Invitation && l.UsedAt == null && l.ExpiresAt > now)
            .GroupBy(l => l.UserId).Select(g => new { g.Key, Ends = g.Max(l => l.ExpiresAt) }).ToDictionaryAsync(g => g.Key, g => g.Ends, cancellation);
    }

    private static async Task<IReadOnlyList<string>> TopicsAsync(AppDbContext db, Guid id, CancellationToken cancellation)
    {
        var own = await db.Set<UserTopic>().Where(t => t.UserId == id).Select(t => t.Topic).ToListAsync(cancellation);
        var ofRoles = await (from link in db.UserRoles join topic in db.Set<RoleTopic>() on link.RoleId equals topic.RoleId where link.UserId == id select topic.Topic).ToListAsync(cancellation);
        return [.. own.Concat(ofRoles).DistinctBy(topic => topic.ToLowerInvariant()).Order(StringComparer.CurrentCultureIgnoreCase)];
    }

    private static async Task<IReadOnlyList<AreaActivity>> ActivityAsync(AppDbContext db, Guid tenant, Guid id, DateTimeOffset now, CancellationToken cancellation)
    {
        var since = now.AddDays(-ActivityDays);
        var actions = await db.Set<AuditEntry>().AsNoTracking().Where(e => e.TenantId == tenant && e.ActorId == id && e.Outcome == AuditOutcome.Done && e.At > since)
            .OrderByDescending(e => e.Id).Take(MostCommands).Select(e => e.Action).ToListAsync(cancellation);
        // One's own account is no area of work.
        return [.. actions.Select(a => a.Split('.')[0]).Where(area => area != "account").CountBy(area => area).OrderByDescending(a => a.Value).ThenBy(a => a.Key, StringComparer.Ordinal).Take(AreasShown).Select(a => new AreaActivity(a.Key, a.Value))];
    }

    public async Task<IReadOnlyList<RoleChoice>> RolesAsync(CancellationToken cancellation)
    {
        var caller = await guard.Require(UsersPermissions.Read, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var roles = await db.Roles.AsNoTracking().Where(r => r.TenantId == caller.TenantId).Select(r => new RoleChoice(r.Id, r.Name!, r.BuiltIn)).ToListAsync(cancellation);
        return [.. roles.OrderBy(r => r.BuiltIn ? Security.Roles.All.ToList().IndexOf(r.Name) : int.MaxValue).ThenBy(r => r.Name, StringComparer.CurrentCulture)];
    }

    /// <summary>The few whose name or address contains <paramref name="text"/>, for the command palette.</summary>
    public async Task<IReadOnlyList<UserRow>> FindAsync(string text, int limit, CancellationToken cancellation)
    {
        var caller = await guard.Require(UsersPermissions.Read, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await Matching(db, caller, new ListQuery { Search = text }).OrderBy(u => u.DisplayName).ThenBy(u => u.Id).Take(limit)
            .Select(u => new UserRow { Id = u.Id, Name = u.DisplayName, Email = u.Email! }).ToListAsync(cancellation);
    }

    internal static IQueryable<User> Matching(AppDbContext db, Caller caller, ListQuery query)
    {
        var users = db.Users.AsNoTracking().Where(u => u.TenantId == caller.TenantId);
        if (query.Search.Length > 0)
        {
            var (lower, upper) = (query.Search.ToLowerInvariant(), query.Search.ToUpperInvariant());
            users = users.Where(u => u.DisplayName.ToLower().Contains(lower) || u.NormalizedEmail!.Contains(upper));
        }

        if (Guid.TryParse(query.Filter("role"), out var role)) users = users.Where(u => db.UserRoles.Any(link => link.UserId == u.Id && link.RoleId == role));
        return query.Filter("state") switch
        {
            "active" => users.Where(u => u.DeactivatedAt == null),
            "closed" => users.Where(u => u.DeactivatedAt != null),
            "invited" => users.Where(u => u.DeactivatedAt == null && u.LastSignInAt == null && u.InvitedAt != null),
            "never" => users.Where(u => u.DeactivatedAt == null && u.LastSignInAt == null),
            _ => users,
        };
    }
}
