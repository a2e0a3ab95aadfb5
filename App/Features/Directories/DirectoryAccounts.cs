using BlazorAdmin.Data;
using BlazorAdmin.Features.Account;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Users;
using BlazorAdmin.Live;
using BlazorAdmin.Security;
using Microsoft.AspNetCore.Identity;

namespace BlazorAdmin.Features.Directories;

public enum EntryOutcome
{
    Done,

    /// <summary>Nobody is linked, and no account may be made.</summary>
    Unknown,

    /// <summary>The source names no address, and an account needs one.</summary>
    NoMail,

    /// <summary>
    /// An account of the portal's own has this address. It is not handed over: whoever can write an address in the directory would take
    /// the account. An administrator links the two by hand.
    /// </summary>
    Collision,

    /// <summary>The account is closed.</summary>
    Closed,
}

/// <summary>
/// Accounts of people for whom a directory or proxy vouches: linked by the id that never changes, never by the address alone. For services
/// that have authorised, or that act for the portal.
/// </summary>
public sealed class DirectoryAccounts(IDbContextFactory<AppDbContext> databases, IDatabaseDialect dialect, AccountFactory accounts, Topic<AccessChanged> changes, TimeProvider time, ILogger<DirectoryAccounts> log)
{
    /// <summary>Brings the account of somebody who is there to what the source says, and makes it if it may.</summary>
    public async Task<(EntryOutcome Outcome, Guid? User)> EnterAsync(ExternalPerson person, string source, bool mayCreate, RoleMap roles, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        if (await LinkedAsync(db, source, person.Key, cancellation) is { } linked)
        {
            if (person.Closed) return (EntryOutcome.Closed, linked.Id);
            var change = await CompareAsync(db, linked, person, source, roles, cancellation);
            if (!change.IsEmpty) await ApplyAsync(change.Account.Id, source, person, roles, cancellation);
            return linked.Closed && !change.Reopen ? (EntryOutcome.Closed, linked.Id) : (EntryOutcome.Done, linked.Id);
        }

        if (person.Closed) return (EntryOutcome.Closed, null);
        if (person.Mail is not { } mail) return (EntryOutcome.NoMail, null);
        var account = accounts.Normalize(mail);
        if (await db.Users.AsNoTracking().Where(u => u.NormalizedEmail == account).Select(u => (Guid?)u.Id).SingleOrDefaultAsync(cancellation) is { } other) return (EntryOutcome.Collision, other);
        return mayCreate ? await CreateAsync(db, person, mail, source, roles, cancellation) : (EntryOutcome.Unknown, null);
    }

    /// <summary>Applies what the source says now to one account; null for <paramref name="person"/>: it does not have them.</summary>
    /// <returns>What was changed; null if nothing was left to change.</returns>
    internal async Task<PersonChange?> ApplyAsync(Guid userId, string source, ExternalPerson? person, RoleMap map, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        await db.Database.OpenConnectionAsync(cancellation);
        await using var held = await dialect.LockAsync(db.Database.GetDbConnection(), UserRights.AdministratorLock, cancellation);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        if (await LinkedAsync(db, source, userId, cancellation) is not { } linked) return null;
        var change = await CompareAsync(db, linked, person, source, map, cancellation);
        if (change.IsEmpty) return null;
        var user = await db.Users.SingleAsync(u => u.Id == userId, cancellation);
        var isLast = await UserRights.IsLastAdministratorAsync(db, userId, cancellation);
        if (isLast && change.Close)
        {
            DirectoryLog.LastAdministrator(log, userId);
            return null;
        }

        var names = await db.Roles.AsNoTracking().Where(r => r.TenantId == user.TenantId).ToDictionaryAsync(r => r.Id, r => r.Name!, cancellation);
        if (isLast && change.Take.Any(id => names[id] == Security.Roles.Administrator))
        {
            DirectoryLog.LastAdministrator(log, userId);
            change = change with { Take = [.. change.Take.Where(id => names[id] != Security.Roles.Administrator)], Forget = [.. change.Forget.Where(id => names[id] != Security.Roles.Administrator)] };
            if (change.IsEmpty) return null;
        }

        change = await WithFreeMailAsync(db, change, cancellation);
        if (change.IsEmpty) return null;
        Write(db, user, change, source);
        var caller = Caller.Portal with { TenantId = user.TenantId };
        var ended = change.Close ? await CloseAsync(db, user, cancellation) : 0;
        db.Audit(caller, change.Close ? "directory.close" : change.Reopen ? "directory.reopen" : "directory.change", "user", user.Id, user.DisplayName, new
        {
            source, given = change.Give.Select(id => names[id]).Order(), taken = change.Take.Select(id => names[id]).Order(), sessionsEnded = ended,
        });
        if (change.Name is not null) await db.KeepActorAsync(user.Id, user.DisplayName, cancellation);
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        changes.Publish(new AccessChanged(user.Id));
        return change;
    }

    /// <summary>The accounts that the source vouches for.</summary>
    internal static async Task<IReadOnlyList<LinkedAccount>> AllLinkedAsync(AppDbContext db, string source, CancellationToken cancellation) =>
        await Linked(db, source, null, null).ToListAsync(cancellation);

    internal static async Task<PersonChange> CompareAsync(AppDbContext db, LinkedAccount account, ExternalPerson? person, string source, RoleMap map, CancellationToken cancellation) =>
        PersonChange.Between(account, person, person?.Groups is { } groups ? await RoleIdsAsync(db, map.RolesOf(groups), cancellation) : null, source);

    /// <summary>Ids of roles by their names; what there is no role for is left out.</summary>
    internal static async Task<List<Guid>> RoleIdsAsync(AppDbContext db, IEnumerable<string> roles, CancellationToken cancellation)
    {
        var names = roles.Select(r => r.ToUpperInvariant()).ToList();
        return names.Count == 0 ? [] : await db.Roles.AsNoTracking().Where(r => r.TenantId == AppDbContext.DefaultTenant && names.Contains(r.NormalizedName!)).Select(r => r.Id).ToListAsync(cancellation);
    }

    // SQL Server takes upper and lower case for the same, and an id may differ in nothing else.
    private static async Task<LinkedAccount?> LinkedAsync(AppDbContext db, string source, string key, CancellationToken cancellation) =>
        await Linked(db, source, key, null).SingleOrDefaultAsync(cancellation) is { } found && found.Key == key ? found : null;

    private static Task<LinkedAccount?> LinkedAsync(AppDbContext db, string source, Guid user, CancellationToken cancellation) => Linked(db, source, null, user).FirstOrDefaultAsync(cancellation);

    private static IQueryable<LinkedAccount> Linked(AppDbContext db, string source, string? key, Guid? userId) =>
        from login in db.UserLogins.AsNoTracking()
        join user in db.Users.AsNoTracking() on login.UserId equals user.Id
        where login.LoginProvider == source && (key == null || login.ProviderKey == key) && (userId == null || login.UserId == userId)
        select new LinkedAccount(
            user.Id, login.ProviderKey, user.DisplayName, user.Email!, user.DirectoryName, user.DeactivatedAt != null, source == ExternalSource.Directory ? user.DirectoryGoneAt : null,
            db.UserRoles.Where(r => r.UserId == user.Id).Select(r => r.RoleId).ToList(),
            db.Set<DirectoryGrant>().Where(g => g.UserId == user.Id && g.Source == source).Select(g => g.RoleId).ToList(),
            db.Set<DirectoryGrant>().Where(g => g.UserId == user.Id && g.Source != source).Select(g => g.RoleId).ToList());

    // An address that another account has stays with that account.
    private async Task<PersonChange> WithFreeMailAsync(AppDbContext db, PersonChange change, CancellationToken cancellation)
    {
        if (change.Mail is not { } mail) return change;
        var account = accounts.Normalize(mail);
        if (!await db.Users.AnyAsync(u => u.NormalizedEmail == account && u.Id != change.Account.Id, cancellation)) return change;
        DirectoryLog.MailTaken(log, change.Account.Id);
        return change with { Mail = null };
    }

    private void Write(AppDbContext db, User user, PersonChange change, string source)
    {
        if (change.Name is { } name) user.DisplayName = name;
        if (change.Entry is { } entry) user.DirectoryName = entry.Length > 400 ? entry[..400] : entry;
        if (change.Mail is { } mail) EmailChange.SetAddress(user, mail, accounts.Normalize(mail), isConfirmed: source == ExternalSource.Directory);
        if (change.Reopen)
        {
            user.DirectoryGoneAt = null;
            user.DeactivatedAt = null;
        }

        db.AddRange(change.Give.Select(id => new IdentityUserRole<Guid> { UserId = user.Id, RoleId = id }));
        db.AddRange(change.Note.Select(id => new DirectoryGrant { UserId = user.Id, RoleId = id, Source = source, GivenAt = time.GetUtcNow() }));
        db.RemoveRange(change.Forget.Select(id => new DirectoryGrant { UserId = user.Id, RoleId = id, Source = source }));
        db.RemoveRange(change.Take.Select(id => new IdentityUserRole<Guid> { UserId = user.Id, RoleId = id }));
    }

    private async Task<int> CloseAsync(AppDbContext db, User user, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        // Written unchanged: it holds the account, so that a sign-in at the same time either has its session ended here or finds the account closed.
        await db.Users.Where(u => u.Id == user.Id).ExecuteUpdateAsync(set => set.SetProperty(u => u.SecurityStamp, u => u.SecurityStamp), cancellation);
        (user.DeactivatedAt, user.DirectoryGoneAt) = (now, now);
        return await db.EndSessionsAsync(user.Id, _ => true, SessionEnd.Deactivated, now, cancellation);
    }

    private async Task<(EntryOutcome Outcome, Guid? User)> CreateAsync(AppDbContext db, ExternalPerson person, string mail, string source, RoleMap map, CancellationToken cancellation)
    {
        var ids = await RoleIdsAsync(db, map.RolesOf(person.Groups ?? []), cancellation);
        var roles = await db.Roles.Where(r => ids.Contains(r.Id)).ToListAsync(cancellation);
        var user = accounts.Add(db, mail, person.Name.Length > 0 ? person.Name : mail.Split('@')[0], null, roles);
        user.DirectoryName = person.Entry is { Length: > 400 } longer ? longer[..400] : person.Entry;
        // A proxy passes on what it was told; nobody has seen a mail arrive there.
        user.EmailConfirmed = source == ExternalSource.Directory;
        db.Add(new IdentityUserLogin<Guid> { UserId = user.Id, LoginProvider = source, ProviderKey = person.Key, ProviderDisplayName = source });
        db.AddRange(roles.Select(role => new DirectoryGrant { UserId = user.Id, RoleId = role.Id, Source = source, GivenAt = time.GetUtcNow() }));
        db.Audit(Caller.Portal with { TenantId = user.TenantId }, "directory.create", "user", user.Id, user.DisplayName, new { source, roles = roles.Select(r => r.Name).Order() });
        try
        {
            await db.SaveChangesAsync(cancellation);
        }
        catch (DbUpdateException exception) when (dialect.IsDuplicateKey(exception))
        {
            // Signed in twice at once for the first time: the other one made it.
            db.ChangeTracker.Clear();
            return await LinkedAsync(db, source, person.Key, cancellation) is { } made ? (EntryOutcome.Done, made.Id) : (EntryOutcome.Collision, null);
        }

        changes.Publish(new AccessChanged(user.Id));
        return (EntryOutcome.Done, user.Id);
    }
}
