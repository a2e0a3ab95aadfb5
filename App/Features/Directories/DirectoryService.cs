using BlazorAdmin.Data;
using BlazorAdmin.Features.Account;
using BlazorAdmin.Features.Account.Factors;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Directories.Ldap;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Features.Users;
using BlazorAdmin.Live;
using BlazorAdmin.Security;
using Microsoft.AspNetCore.Identity;

namespace BlazorAdmin.Features.Directories;

/// <summary>What administrators see of the directory and do with it. Only ever the configured servers are called.</summary>
public sealed class DirectoryService(
    IDbContextFactory<AppDbContext> databases, Guard guard, DirectoryClient client, DirectorySync sync, DirectoryOutage outage, AccountFactory accounts, RecentProof proof, OwnerNotices notices, JobQueue queue, Topic<AccessChanged> changes, TimeProvider time)
{
    public const int MostLines = 200;

    public async Task<DirectoryView> ReadAsync(CancellationToken cancellation)
    {
        await guard.Require(UsersPermissions.Read, cancellation);
        var o = client.Settings;
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var roles = await db.Roles.AsNoTracking().Select(r => r.Name!).ToListAsync(cancellation);
        return new DirectoryView(
            o.IsConfigured, o.Servers, o.StartTls, o.BindDn, o.BindPassword is { Length: > 0 }, o.BaseDn, o.UserFilter, o.CreateAccounts, o.BrakePercent, o.GroupRoles,
            await db.UserLogins.CountAsync(l => l.LoginProvider == ExternalSource.Directory, cancellation), await DirectorySync.LastAsync(db, cancellation), o.IsConfigured ? outage.Failure : null,
            [.. new RoleMap(o.GroupRoles).Roles.Except(roles, StringComparer.OrdinalIgnoreCase)]);
    }

    /// <summary>Connects, secures, signs in, and looks up the base entry; with a name also one person, their groups and roles. Nothing changes.</summary>
    /// <param name="told">Hears of every step as it begins and ends.</param>
    /// <returns>Null if a step failed or no name was given.</returns>
    public async Task<(bool Works, PersonMapping? Mapping)> TestAsync(string? login, Action<LdapStep> told, CancellationToken cancellation)
    {
        var caller = await guard.Require(UsersPermissions.Manage, cancellation);
        (PersonMapping? mapping, LdapException? failure) = (null, null);
        try
        {
            await using var conversation = await client.OpenAsync(told, cancellation);
            await conversation.StepAsync(LdapStage.Search, token => conversation.FindAsync(client.Settings.BaseDn!, LdapScope.Base, "(objectClass=*)", ["objectClass"], 1, token), found => found.Count == 0 ? null : found[0].Name, cancellation);
            if (login?.Trim() is { Length: > 0 } name)
                mapping = await conversation.StepAsync(LdapStage.Person, token => MapAsync(conversation, name, token), m => m.Person?.Entry, cancellation);
        }
        catch (LdapException exception)
        {
            failure = exception;
        }

        await using var db = await databases.CreateDbContextAsync(cancellation);
        db.Audit(caller, "directory.test", "directory", null, client.Settings.Servers, new { person = mapping?.Person?.Entry, failure = failure?.Message }, outcome: failure is null ? AuditOutcome.Done : AuditOutcome.Failed);
        await db.SaveChangesAsync(cancellation);
        return (failure is null, mapping);
    }

    /// <summary>What a sync would do now, person by person.</summary>
    /// <exception cref="LdapException">The directory did not give the whole list.</exception>
    public async Task<DryRun> DryRunAsync(CancellationToken cancellation)
    {
        var caller = await guard.Require(UsersPermissions.Manage, cancellation);
        var plan = await sync.PlanAsync(_ => { }, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        db.Audit(caller, "directory.dry_run", "directory", null, client.Settings.Servers, new { plan.Found, plan.Linked, plan.Gone }, plan.Changes.Count);
        await db.SaveChangesAsync(cancellation);
        return new DryRun(plan.Found, plan.Linked, plan.Gone, plan.Braked, plan.Changes.Count,
        [
            .. plan.Changes.Select(c => c.Change).OrderByDescending(c => c.Close).ThenBy(c => c.Account.Name, StringComparer.CurrentCulture).Take(MostLines).Select(c => new SyncLine(
                c.Account.Id, c.Account.Name, c.Account.Mail, c.Name, c.Mail, [.. c.Give.Select(id => plan.RoleNames[id])], [.. c.Take.Select(id => plan.RoleNames.GetValueOrDefault(id, ""))], c.Close, c.Reopen)),
        ]);
    }

    /// <summary>Starts the sync as a job, unless one waits or runs.</summary>
    /// <returns>The job; null if no directory is configured.</returns>
    public async Task<long?> RunAsync(CancellationToken cancellation)
    {
        var caller = await guard.Require(UsersPermissions.Manage, cancellation);
        if (!client.Settings.IsConfigured) return null;
        await using var db = await databases.CreateDbContextAsync(cancellation);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        var job = await queue.EnqueueUniqueAsync(db, new SyncDirectory(), caller, SyncDirectory.Name, options: new EnqueueOptions { SubjectUrl = "/admin/users/directory" }, cancellation: cancellation);
        db.Audit(caller, "directory.sync", "job", job.Id);
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return job.Id;
    }

    /// <summary>Links an account of the portal's own to the directory's person with this name; from then on their password there is what counts. It wants a fresh proof.</summary>
    /// <exception cref="LdapException">The directory does not say who that is.</exception>
    public async Task<UserResult> LinkAsync(Guid userId, string login, CancellationToken cancellation)
    {
        var caller = await guard.Require(UsersPermissions.Manage, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        if (!await proof.IsFreshAsync(db, caller, cancellation)) return new UserResult(UserOutcome.ProofNeeded, userId);
        ExternalPerson? person;
        await using (var conversation = await client.OpenAsync(null, cancellation)) person = await client.FindAsync(conversation, login.Trim(), cancellation);
        if (person is null or { Closed: true }) return new UserResult(UserOutcome.NotFound);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        var user = await db.Users.SingleOrDefaultAsync(u => u.Id == userId && u.TenantId == caller.TenantId, cancellation);
        if (user is null || await db.UserLogins.AnyAsync(l => l.LoginProvider == ExternalSource.Directory && (l.ProviderKey == person.Key || l.UserId == userId), cancellation)) return new UserResult(UserOutcome.NotFound);
        if (!caller.Covers(await UserRights.OfUserAsync(db, userId, cancellation))) return new UserResult(UserOutcome.BeyondOwnRights, userId);
        // Written unchanged: it holds the account, so that a sign-in at the same time has its session ended here.
        await db.Users.Where(u => u.Id == userId).ExecuteUpdateAsync(set => set.SetProperty(u => u.SecurityStamp, u => u.SecurityStamp), cancellation);
        db.Add(new IdentityUserLogin<Guid> { UserId = userId, LoginProvider = ExternalSource.Directory, ProviderKey = person.Key, ProviderDisplayName = ExternalSource.Directory });
        user.DirectoryName = person.Entry is { Length: > 400 } longer ? longer[..400] : person.Entry;
        // Whoever knows the old password, or has a link to a new one, must not go on with it, also if the directory is turned off one day.
        user.PasswordHash = null;
        await SignInLinks.RemoveUnusedAsync(db, userId, cancellation);
        user.SecurityStamp = Guid.NewGuid().ToString("N");
        var ended = await db.EndSessionsAsync(userId, s => s.Id != caller.SessionId, SessionEnd.Revoked, time.GetUtcNow(), cancellation);
        await notices.TellAsync(db, caller, userId, "LinkedToDirectoryTitle", "LinkedToDirectoryBody", cancellation, caller.Name);
        db.Audit(caller, "directory.link", "user", userId, user.DisplayName, new { entry = person.Entry, sessionsEnded = ended });
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        changes.Publish(new AccessChanged(userId));
        return new UserResult(UserOutcome.Done, userId);
    }

    private async Task<PersonMapping> MapAsync(LdapConversation conversation, string login, CancellationToken cancellation)
    {
        if (await client.FindAsync(conversation, login, cancellation) is not { } person) return new PersonMapping(MappingOutcome.NotFound, null, []);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var roles = new RoleMap(client.Settings.GroupRoles).RolesOf(person.Groups ?? []);
        var linked = await db.UserLogins.AsNoTracking().Where(l => l.LoginProvider == ExternalSource.Directory && l.ProviderKey == person.Key).Select(l => (Guid?)l.UserId).SingleOrDefaultAsync(cancellation);
        if (person.Closed) return new PersonMapping(MappingOutcome.Closed, person, roles, linked);
        if (linked is not null) return new PersonMapping(MappingOutcome.Linked, person, roles, linked);
        if (person.Mail is null) return new PersonMapping(MappingOutcome.NoMail, person, roles);
        var account = accounts.Normalize(person.Mail);
        var other = await db.Users.AsNoTracking().Where(u => u.NormalizedEmail == account).Select(u => (Guid?)u.Id).SingleOrDefaultAsync(cancellation);
        return new PersonMapping(other is not null ? MappingOutcome.Collision : client.Settings.CreateAccounts ? MappingOutcome.WouldCreate : MappingOutcome.NotAllowed, person, roles, other);
    }
}
