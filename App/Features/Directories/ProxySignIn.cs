using System.Collections.Concurrent;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Account;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Live;
using BlazorAdmin.Security;
using BlazorAdmin.Security.Http;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Features.Directories;

/// <summary>Sign-ins that a trusted proxy vouches for. Open to anonymous callers; the middleware has checked who speaks.</summary>
public sealed class ProxySignIn(
    IDbContextFactory<AppDbContext> databases, DirectoryAccounts directory, SignInService signIns, ProxyRefusals refusals, IOptionsMonitor<SingleSignOnOptions> options, Topic<AccessChanged> changes,
    TimeProvider time, ILogger<ProxySignIn> log)
{
    /// <returns>The session whose cookie is to be written; null if the account is closed, unknown or not linked.</returns>
    public async Task<(EntryOutcome Outcome, SignInSession? Session)> BeginAsync(ProxyIdentity identity, SignInPlace place, CancellationToken cancellation)
    {
        var settings = options.CurrentValue;
        var mail = identity.Mail ?? identity.Name;
        var person = new ExternalPerson(identity.Name, null, identity.DisplayName, EmailRule.IsValid(mail) ? mail : null, identity.Groups);
        var (outcome, id) = await directory.EnterAsync(person, ExternalSource.Proxy, settings.CreateAccounts, new RoleMap(settings.GroupRoles), cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var user = await db.Users.AsNoTracking().SingleOrDefaultAsync(u => u.Id == id, cancellation);
        if (outcome == EntryOutcome.Done && user is not null && await signIns.StartAsync(user, remember: false, place, "account.sign_in", SignInMethod.Proxy, cancellation) is { } session) return (outcome, session);
        if (outcome == EntryOutcome.Done) outcome = EntryOutcome.Closed;
        if (!refusals.IsNew(identity.Name)) return (outcome, null);
        DirectoryLog.Refused(log, ExternalSource.Proxy, DirectoryPasswords.ReasonOf(outcome));
        db.Audit(Caller.Portal with { Address = place.Address }, "account.sign_in", "user", id, user?.DisplayName, new { reason = DirectoryPasswords.ReasonOf(outcome), source = ExternalSource.Proxy, name = identity.Name }, outcome: AuditOutcome.Failed);
        await db.SaveChangesAsync(cancellation);
        return (outcome, null);
    }

    /// <summary>Ends the session: the proxy does not name its person any more.</summary>
    public async Task EndAsync(Access access, string? address, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        if (await db.EndSessionsAsync(access.UserId, s => s.Id == access.SessionId, SessionEnd.Revoked, time.GetUtcNow(), cancellation) == 0) return;
        db.Audit(Caller.Portal with { TenantId = access.TenantId, Address = address }, "account.proxy_end", "user", access.UserId, access.Name);
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        changes.Publish(new AccessChanged(access.UserId));
    }
}

/// <summary>Names that were refused a short while ago: a page that is opened again and again is one row in the audit, not thousands.</summary>
public sealed class ProxyRefusals(TimeProvider time)
{
    private const int Most = 1000;
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<string, long> _names = new();

    public bool IsNew(string name)
    {
        if (_names.TryGetValue(name, out var at) && time.GetElapsedTime(at) < Remembered) return false;
        if (_names.Count >= Most) _names.Clear();
        _names[name] = time.GetTimestamp();
        return true;
    }
}
