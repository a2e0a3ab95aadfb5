using System.Collections.Frozen;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Account;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Users;

/// <summary>How an import is done.</summary>
/// <param name="Invite">New people get an invitation by mail; otherwise they have an account that nobody has told them of.</param>
/// <param name="Update">Name and roles of people who have an account already become those of the file; otherwise they stay.</param>
public sealed record ImportOptions(bool Invite, bool Update);

/// <summary>What an import does with a row.</summary>
public enum ImportAct
{
    Create,
    Change,
    Unchanged,
    Error,
}

/// <summary>What is, or was, done with one row.</summary>
/// <param name="Fault">Of an error: what is wrong; its text names field and remedy.</param>
/// <param name="Detail">Of the fault, for instance the role that does not exist.</param>
public sealed record ImportVerdict(int Line, ImportAct Act, UserOutcome Fault = UserOutcome.Done, string? Detail = null);

/// <summary>A row with its verdict, as people read it.</summary>
public sealed record ImportLine(ImportRow Row, ImportVerdict Verdict);

/// <summary>Decides what an import does with a row: the same for the preview and for the work.</summary>
internal sealed class UserImportRules(IReadOnlyDictionary<string, Guid> roles, ILookup<Guid, string> permissions, Guid member, IReadOnlySet<int> repeated)
{
    /// <param name="rows">All of the file: an address that comes twice is worked off once.</param>
    public static async Task<UserImportRules> LoadAsync(AppDbContext db, Caller caller, IReadOnlyList<ImportRow> rows, Func<string, string> normalize, CancellationToken cancellation)
    {
        var roles = await db.Roles.AsNoTracking().Where(r => r.TenantId == caller.TenantId).Select(r => new { r.Id, Name = r.Name!, r.BuiltIn }).ToListAsync(cancellation);
        var ids = roles.ConvertAll(r => r.Id);
        var permissions = (await db.Set<RolePermission>().AsNoTracking().Where(p => ids.Contains(p.RoleId)).ToListAsync(cancellation)).ToLookup(p => p.RoleId, p => p.Permission);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        return new UserImportRules(
            roles.ToDictionary(r => r.Name, r => r.Id, StringComparer.OrdinalIgnoreCase), permissions, roles.Single(r => r is { BuiltIn: true, Name: Security.Roles.Member }).Id,
            rows.Where(r => !seen.Add(normalize(r.Email))).Select(r => r.Line).ToHashSet());
    }

    /// <summary>The roles of a row; without any in the file, a new person is a member.</summary>
    public HashSet<Guid> RolesOf(ImportRow row) => row.Roles is null ? [member] : [.. row.Roles.Where(roles.ContainsKey).Select(name => roles[name])];

    public FrozenSet<string> RightsOf(IEnumerable<Guid> ids) => ids.SelectMany(id => permissions[id]).ToFrozenSet();

    /// <param name="existing">Whoever has the address; null: nobody.</param>
    /// <param name="held">Their roles.</param>
    public ImportVerdict Judge(Caller caller, ImportRow row, ImportOptions options, User? existing, IReadOnlySet<Guid> held)
    {
        if (row.Name.Length is 0 or > 200) return Wrong(UserOutcome.NameMissing);
        if (!EmailRule.IsValid(row.Email)) return Wrong(UserOutcome.EmailInvalid);
        if (repeated.Contains(row.Line)) return Wrong(UserOutcome.RowRepeated);
        if (row.Roles?.FirstOrDefault(name => !roles.ContainsKey(name)) is { } unknown) return Wrong(UserOutcome.RoleUnknown, unknown);
        var wanted = RolesOf(row);
        if (existing is null) return caller.Covers(RightsOf(wanted)) ? new ImportVerdict(row.Line, ImportAct.Create) : Wrong(UserOutcome.BeyondOwnRights);
        if (existing.TenantId != caller.TenantId) return Wrong(UserOutcome.EmailTaken);
        var difference = row.Roles is null ? [] : wanted.Except(held).Concat(held.Except(wanted)).ToList();
        if (!options.Update || (existing.DisplayName == row.Name && difference.Count == 0)) return new ImportVerdict(row.Line, ImportAct.Unchanged);
        if (existing.DirectoryName is not null) return Wrong(UserOutcome.FromDirectory);
        return caller.Covers(RightsOf(held)) && caller.Covers(RightsOf(difference)) ? new ImportVerdict(row.Line, ImportAct.Change) : Wrong(UserOutcome.BeyondOwnRights);

        ImportVerdict Wrong(UserOutcome fault, string? detail = null) => new(row.Line, ImportAct.Error, fault, detail);
    }
}
