using System.Globalization;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Account;
using BlazorAdmin.Features.Account.Factors;
using BlazorAdmin.Features.Account.PersonalData;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Directories;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Features.Jobs.Bulk;
using BlazorAdmin.Features.Mail;
using BlazorAdmin.Live;
using BlazorAdmin.Security;
using BlazorAdmin.Shell.Lists;
using Microsoft.AspNetCore.Identity;

namespace BlazorAdmin.Features.Users;

/// <summary>What is done to many accounts at once.</summary>
public enum BulkUserCommand
{
    Deactivate,
    Reactivate,
    GiveRole,
    TakeRole,
    SendLink,
    EndSessions,
}

/// <summary>Whom a bulk command is about: those with the ids, or (ids null) everybody whom the query matches.</summary>
public sealed record BulkUsers(IReadOnlyCollection<Guid>? Ids, ListQuery Query);

/// <param name="Changed">Whose account changed.</param>
/// <param name="Skipped">Why others were left alone, with how many each; <see cref="UserOutcome.Done"/>: it was so already.</param>
public sealed record BulkUserResult(UserOutcome Outcome, IReadOnlyList<Guid> Changed, IReadOnlyDictionary<UserOutcome, int> Skipped)
{
    /// <summary>The job that carries it out, where they are more than are done at once.</summary>
    public long? JobId { get; init; }

    /// <summary>How many it is about, where a job carries it out.</summary>
    public int Meant { get; init; }

    public static BulkUserResult Refused(UserOutcome outcome) => new(outcome, [], new Dictionary<UserOutcome, int>());
}

/// <summary>
/// Commands on many accounts in one transaction with one audit row; more than <see cref="AtOnce"/> become a job that does so part by part.
/// Whoever may not be changed is left alone and counted; the rest is done.
/// </summary>
public sealed class UserBulk(
    IDbContextFactory<AppDbContext> databases, IDatabaseDialect dialect, Guard guard, MailOutbox outbox, RecentProof proof, JobChanger jobs, Topic<AccessChanged> changes, TimeProvider time)
{
    /// <summary>Up to here no job is needed.</summary>
    public const int AtOnce = 500;

    /// <summary>The most accounts that are named one by one.</summary>
    public const int MostNamed = 10_000;

    /// <param name="role">For the commands about a role.</param>
    public async Task<BulkUserResult> RunAsync(BulkUserCommand command, BulkUsers whom, Guid? role, CancellationToken cancellation)
    {
        var caller = await guard.Require(UsersPermissions.Manage, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        if (command == BulkUserCommand.SendLink && !outbox.CanSendLinks) return BulkUserResult.Refused(UserOutcome.MailNotPossible);
        if (command is BulkUserCommand.GiveRole or BulkUserCommand.TakeRole && await RefusalAsync(db, caller, command, role, asksProof: true, cancellation) is { } refusal) return BulkUserResult.Refused(refusal);
        if (whom.Ids?.Count > MostNamed) return BulkUserResult.Refused(UserOutcome.TooMany);
        // First the ids alone: the list's query follows no changes, and within another it would say so for that too.
        var ids = whom.Ids?.ToList() ?? await UserDirectory.Matching(db, caller, whom.Query).OrderBy(u => u.Id).Select(u => u.Id).Take(AtOnce + 1).ToListAsync(cancellation);
        if (ids.Count > AtOnce) return await LaterAsync(db, caller, command, whom, role, cancellation);
        await db.Database.OpenConnectionAsync(cancellation);
        await using var held = await dialect.LockAsync(db.Database.GetDbConnection(), UserRights.AdministratorLock, cancellation);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        var result = await PartAsync(db, caller, command, ids, role, null, whom.Ids is null ? whom.Query.ToQueryString(UserDirectory.Defaults) : null, cancellation);
        await transaction.CommitAsync(cancellation);
        foreach (var id in result.Changed) changes.Publish(new AccessChanged(id));
        return result;
    }

    /// <summary>
    /// Carries the command out on those of <paramref name="ids"/> in the caller's tenant, with one audit row. The caller holds
    /// <see cref="UserRights.AdministratorLock"/> and the transaction, and tells the topic after the commit.
    /// </summary>
    /// <param name="job">The job that it is a part of.</param>
    internal async Task<BulkUserResult> PartAsync(AppDbContext db, Caller caller, BulkUserCommand command, IReadOnlyList<Guid> ids, Guid? role, long? job, string? filter, CancellationToken cancellation)
    {
        var people = await db.Users.Where(u => ids.Contains(u.Id) && u.TenantId == caller.TenantId).OrderBy(u => u.Id).ToListAsync(cancellation);
        var work = await WorkAsync(db, caller, command, role, people, cancellation);
        var (changed, skipped) = (new List<Guid>(), new Dictionary<UserOutcome, int>());
        foreach (var user in people)
        {
            // Done here says that it was so already.
            if (await ChangeAsync(work, user, cancellation) is { } left) skipped[left] = skipped.GetValueOrDefault(left) + 1;
            else changed.Add(user.Id);
        }

        if (changed.Count == 0) return new BulkUserResult(UserOutcome.Done, [], skipped);
        db.Audit(caller, ActionOf(command), "users", job, role is null ? null : work.RoleName, new
        {
            command = command.ToString(), role = work.RoleName, filter, job, ids = changed,
            skipped = skipped.ToDictionary(s => s.Key.ToString(), s => s.Value),
        }, changed.Count);
        await db.SaveChangesAsync(cancellation);
        return new BulkUserResult(UserOutcome.Done, changed, skipped);
    }

    private async Task<BulkUserResult> LaterAsync(AppDbContext db, Caller caller, BulkUserCommand command, BulkUsers whom, Guid? role, CancellationToken cancellation)
    {
        var filter = whom.Ids is null ? whom.Query.Matching().ToQueryString(UserDirectory.Defaults) : null;
        var arguments = new ChangeUsers(command, role, filter, whom.Ids is null ? null : [.. whom.Ids.Order()], time.GetUtcNow(), 0);
        var count = await ChangeUsersHandler.Meant(db, caller, arguments, null).CountAsync(cancellation);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        var job = db.Enqueue(arguments with { Count = count }, caller, arguments.AskedAt, new EnqueueOptions { Subject = $"{command} × {count.ToString(CultureInfo.InvariantCulture)}" });
        await db.SaveChangesAsync(cancellation);
        db.Audit(caller, "users.bulk", "job", job.Id, command.ToString(), new { command = command.ToString(), role, filter, named = whom.Ids?.Count }, count);
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return BulkUserResult.Refused(UserOutcome.Done) with { JobId = job.Id, Meant = count };
    }

    internal static string ActionOf(BulkUserCommand command) => command switch
    {
        BulkUserCommand.Deactivate => "users.deactivate",
        BulkUserCommand.Reactivate => "users.reactivate",
        BulkUserCommand.SendLink => "users.password_link_mailed",
        BulkUserCommand.EndSessions => "users.end_sessions",
        _ => "users.roles",
    };

    internal async Task<UserOutcome?> RefusalAsync(AppDbContext db, Caller caller, BulkUserCommand command, Guid? role, bool asksProof, CancellationToken cancellation)
    {
        if (role is null || !await db.Roles.AnyAsync(r => r.Id == role && r.TenantId == caller.TenantId, cancellation)) return UserOutcome.RoleMissing;
        var rights = await UserRights.OfRolesAsync(db, [role.Value], cancellation);
        if (!caller.Covers(rights)) return UserOutcome.BeyondOwnRights;
        return asksProof && command == BulkUserCommand.GiveRole && UserRights.AreDelicate(rights) && !await proof.IsFreshAsync(db, caller, cancellation) ? UserOutcome.ProofNeeded : null;
    }

    private static async Task<Work> WorkAsync(AppDbContext db, Caller caller, BulkUserCommand command, Guid? role, List<User> people, CancellationToken cancellation)
    {
        var ids = people.Select(p => p.Id).ToList();
        var rights = (await (from link in db.UserRoles
                             join permission in db.Set<RolePermission>() on link.RoleId equals permission.RoleId
                             where ids.Contains(link.UserId)
                             select new { link.UserId, permission.Permission }).Distinct().ToListAsync(cancellation)).ToLookup(p => p.UserId, p => p.Permission);
        var administrator = await db.Roles.Where(r => r.TenantId == caller.TenantId && r.BuiltIn && r.Name == Security.Roles.Administrator).Select(r => r.Id).SingleAsync(cancellation);
        var administrators = await (from link in db.UserRoles join user in db.Users on link.UserId equals user.Id where link.RoleId == administrator && user.DeactivatedAt == null select user.Id).ToListAsync(cancellation);
        var name = role is null ? null : await db.Roles.Where(r => r.Id == role).Select(r => r.Name).SingleOrDefaultAsync(cancellation);
        var links = role is null ? [] : await db.UserRoles.Where(link => link.RoleId == role && ids.Contains(link.UserId)).ToDictionaryAsync(link => link.UserId, cancellation);
        return new Work(db, caller, command, role, name, rights, links, [.. administrators], administrator);
    }

    /// <returns>Why nothing changed; null if it did.</returns>
    private async Task<UserOutcome?> ChangeAsync(Work work, User user, CancellationToken cancellation)
    {
        var (db, now) = (work.Db, time.GetUtcNow());
        if (!work.Rights[user.Id].All(work.Caller.May)) return UserOutcome.BeyondOwnRights;
        switch (work.Command)
        {
            case BulkUserCommand.Deactivate when user is { DeactivatedAt: not null, DirectoryGoneAt: null }:
            case BulkUserCommand.Reactivate when user.DeactivatedAt is null:
            case BulkUserCommand.GiveRole when work.Links.ContainsKey(user.Id):
            case BulkUserCommand.TakeRole when !work.Links.ContainsKey(user.Id):
                return UserOutcome.Done;
            case BulkUserCommand.Deactivate or BulkUserCommand.EndSessions when user.Id == work.Caller.UserId:
                return UserOutcome.OwnAccountInBulk;
            case BulkUserCommand.Deactivate:
                if (!work.MayLoseAdministrator(user.Id)) return UserOutcome.LastAdministrator;
                // Written unchanged: it holds the account, so that a sign-in at the same time either has its session ended here or finds the account closed.
                await db.Users.Where(u => u.Id == user.Id).ExecuteUpdateAsync(set => set.SetProperty(u => u.SecurityStamp, u => u.SecurityStamp), cancellation);
                user.DeactivatedAt ??= now;
                user.DirectoryGoneAt = null;
                await db.EndSessionsAsync(user.Id, _ => true, SessionEnd.Deactivated, now, cancellation);
                return null;
            case BulkUserCommand.Reactivate:
                // As one by one: held before the jobs.
                if (await db.Users.Where(u => u.Id == user.Id).ExecuteUpdateAsync(set => set.SetProperty(u => u.SecurityStamp, u => u.SecurityStamp), cancellation) == 0) return UserOutcome.NotFound;
                user.DeactivatedAt = null;
                await AccountErasure.TakeBackAsync(db, jobs, work.Caller.TenantId, user.Id, cancellation);
                return null;
            case BulkUserCommand.GiveRole:
                db.Add(new IdentityUserRole<Guid> { UserId = user.Id, RoleId = work.Role!.Value });
                return null;
            case BulkUserCommand.TakeRole:
                if (work.Role == work.Administrator && !work.MayLoseAdministrator(user.Id)) return UserOutcome.LastAdministrator;
                db.Remove(work.Links[user.Id]);
                return null;
            case BulkUserCommand.EndSessions:
                return await db.EndSessionsAsync(user.Id, _ => true, SessionEnd.Revoked, now, cancellation) == 0 ? UserOutcome.Done : null;
            default:
                return await MailLinkAsync(work, user, now, cancellation);
        }
    }

    private async Task<UserOutcome?> MailLinkAsync(Work work, User user, DateTimeOffset now, CancellationToken cancellation)
    {
        if (user.Id == work.Caller.UserId) return UserOutcome.OwnAccountInBulk;
        if (user.DeactivatedAt is not null) return UserOutcome.NotFound;
        if (await ExternalSource.VouchesForAsync(work.Db, user.Id, cancellation)) return UserOutcome.SignsInElsewhere;
        var isNew = user.LastSignInAt is null;
        var (link, token) = SignInLink.Make(user.Id, SignInLinkKind.PasswordReset, now, isNew ? UserAdministration.SetupLinkLifetime : UserAdministration.ResetLinkLifetime);
        var model = new MailModel().With("link", outbox.LinkTo($"account/link?token={token}")).With("expires", MailOutbox.Moment(link.ExpiresAt));
        var message = await outbox.SendAsync(work.Db, work.Caller, isNew ? MailTemplates.AccountSetup : MailTemplates.AccountReset, model, MailRecipient.Of(user), cancellation);
        if (message.State != MailState.Queued)
        {
            work.Db.Remove(message);
            return UserOutcome.MailRefused;
        }

        await SignInLinks.RemoveUnusedAsync(work.Db, user.Id, cancellation);
        work.Db.Add(link);
        return null;
    }

    private sealed record Work(
        AppDbContext Db, Caller Caller, BulkUserCommand Command, Guid? Role, string? RoleName, ILookup<Guid, string> Rights, Dictionary<Guid, IdentityUserRole<Guid>> Links,
        HashSet<Guid> Administrators, Guid Administrator)
    {
        /// <summary>False for the last active one; otherwise the person no longer counts as one.</summary>
        public bool MayLoseAdministrator(Guid id)
        {
            if (!Administrators.Contains(id)) return true;
            if (Administrators.Count == 1) return false;
            return Administrators.Remove(id);
        }
    }
}
