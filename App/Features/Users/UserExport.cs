using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Security;
using BlazorAdmin.Shell.Lists;
using Microsoft.Extensions.Localization;

namespace BlazorAdmin.Features.Users;

/// <summary>One person with what they may do.</summary>
public sealed record PermissionReportRow(UserRow User, FrozenSet<string> Permissions);

/// <summary>Everybody whom a list's query matches, as a file: the list itself, and who may do what. Reading so much at once is itself recorded.</summary>
public sealed class UserExport(IDbContextFactory<AppDbContext> databases, Guard guard)
{
    public async IAsyncEnumerable<UserRow> PeopleAsync(ListQuery query, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var caller = await guard.Require(UsersPermissions.Read, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        db.Audit(caller, "users.export", detail: new { filter = query.ToQueryString(UserDirectory.Defaults) });
        await db.SaveChangesAsync(cancellation);
        db.ChangeTracker.Clear();
        await foreach (var (row, _) in RowsAsync(db, caller, query, cancellation)) yield return row;
    }

    /// <summary>What each person may do by their roles.</summary>
    public async IAsyncEnumerable<PermissionReportRow> PermissionsAsync(ListQuery query, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await guard.Require(UsersPermissions.RolesRead, cancellation);
        var caller = await guard.Require(UsersPermissions.Read, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        db.Audit(caller, "users.permission_report", detail: new { filter = query.ToQueryString(UserDirectory.Defaults) });
        await db.SaveChangesAsync(cancellation);
        db.ChangeTracker.Clear();
        var byRole = (await db.Set<RolePermission>().AsNoTracking().ToListAsync(cancellation)).ToLookup(p => p.RoleId, p => p.Permission);
        // People share few combinations of roles.
        var known = new Dictionary<string, FrozenSet<string>>(StringComparer.Ordinal);
        await foreach (var (row, roles) in RowsAsync(db, caller, query, cancellation))
        {
            var key = string.Join(' ', roles.Order());
            if (!known.TryGetValue(key, out var permissions)) known[key] = permissions = roles.SelectMany(id => byRole[id]).ToFrozenSet();
            yield return new PermissionReportRow(row, permissions);
        }
    }

    public static IReadOnlyList<ExportColumn<UserRow>> Columns(IServiceProvider services)
    {
        var texts = services.GetRequiredService<IStringLocalizer<UsersTexts>>();
        return
        [
            new("name", texts["Name"], row => row.Name),
            new("email", texts["Email"], row => row.Email),
            new("roles", texts["Roles"], row => string.Join(", ", row.Roles)),
            new("state", texts["State"], row => UserState.Word(texts, row)),
            new("seen", texts["LastSignIn"], row => row.LastSignInAt),
            new("created", texts["Created"], row => row.CreatedAt),
        ];
    }

    public static IReadOnlyList<ExportColumn<PermissionReportRow>> PermissionColumns(IServiceProvider services)
    {
        var texts = services.GetRequiredService<IStringLocalizer<UsersTexts>>();
        return
        [
            new("name", texts["Name"], row => row.User.Name),
            new("email", texts["Email"], row => row.User.Email),
            new("roles", texts["Roles"], row => string.Join(", ", row.User.Roles)),
            new("state", texts["State"], row => UserState.Word(texts, row.User)),
            .. services.GetRequiredService<PermissionCatalog>().All.Select(p => p.Name).Order(StringComparer.Ordinal)
                .Select(name => new ExportColumn<PermissionReportRow>(name, name, row => row.Permissions.Contains(name))),
        ];
    }

    private static async IAsyncEnumerable<(UserRow Row, IReadOnlyList<Guid> Roles)> RowsAsync(AppDbContext db, Caller caller, ListQuery query, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var names = await db.Roles.AsNoTracking().Where(r => r.TenantId == caller.TenantId).ToDictionaryAsync(r => r.Id, r => r.Name!, cancellation);
        var people = UserDirectory.Orders.Ordered(UserDirectory.Matching(db, caller, query), query).Select(u => new
        {
            Row = new UserRow { Id = u.Id, Name = u.DisplayName, Email = u.Email!, DeactivatedAt = u.DeactivatedAt, LastSignInAt = u.LastSignInAt, CreatedAt = u.CreatedAt, InvitedAt = u.InvitedAt },
            Roles = db.UserRoles.Where(link => link.UserId == u.Id).Select(link => link.RoleId).ToList(),
        });
        await foreach (var person in people.AsAsyncEnumerable().WithCancellation(cancellation))
            yield return (person.Row with { Roles = [.. person.Roles.Where(names.ContainsKey).Select(id => names[id]).Order(StringComparer.CurrentCulture)] }, person.Roles);
    }
}
