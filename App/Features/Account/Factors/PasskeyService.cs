using System.Buffers.Text;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Users;
using BlazorAdmin.Live;
using BlazorAdmin.Security;
using Microsoft.AspNetCore.Identity;

namespace BlazorAdmin.Features.Account.Factors;

/// <summary>A passkey as its owner sees it.</summary>
public sealed record PasskeyView(string Id, string Name, DateTimeOffset CreatedAt);

public enum PasskeyOutcome
{
    Done,

    /// <summary>Confirm that it is you first.</summary>
    ProofNeeded,

    /// <summary>The device's answer does not fit, came too late, or was used.</summary>
    Refused,

    TooMany,
    NameMissing,
    NotFound,

    /// <summary>Without it nobody could sign in to the account any more.</summary>
    LastWayIn,

    /// <summary>A role demands a second factor, and this is the only one.</summary>
    Required,
}

/// <summary>One's own passkeys: add, name, remove, and prove with one who is there.</summary>
public sealed class PasskeyService(
    IDbContextFactory<AppDbContext> databases, IDatabaseDialect dialect, Guard guard, FreshProof proof, FactorRule rule, PasskeyCeremonies ceremonies, OwnerNotices notices, Topic<AccessChanged> changes)
{
    public async Task<IReadOnlyList<PasskeyView>> ListAsync(CancellationToken cancellation)
    {
        var caller = await guard.RequireSignedIn(cancellation);
        if (caller.ImpersonatorId is not null) return [];
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var passkeys = await db.UserPasskeys.AsNoTracking().Where(p => p.UserId == caller.PersonId).ToListAsync(cancellation);
        return [.. passkeys.OrderBy(p => p.Data.CreatedAt).Select(p => new PasskeyView(IdOf(p), p.Data.Name ?? "", p.Data.CreatedAt))];
    }

    public async Task<(PasskeyOutcome Outcome, Ceremony? Ceremony)> BeginAddAsync(HttpContext http, CancellationToken cancellation)
    {
        var caller = await guard.RequireChange(cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        if (!await proof.IsFreshAsync(db, caller, cancellation)) return (PasskeyOutcome.ProofNeeded, null);
        if (await db.UserPasskeys.CountAsync(p => p.UserId == caller.PersonId, cancellation) >= PasskeyRules.Most) return (PasskeyOutcome.TooMany, null);
        var user = await db.Users.AsNoTracking().SingleAsync(u => u.Id == caller.PersonId, cancellation);
        return (PasskeyOutcome.Done, await ceremonies.BeginAddAsync(user, BindingOf("add", caller), http));
    }

    /// <param name="name">What the person calls it; empty: the device's name.</param>
    public async Task<PasskeyOutcome> AddAsync(string state, string answer, string? name, HttpContext http, CancellationToken cancellation)
    {
        var caller = await guard.RequireChange(cancellation);
        if (name?.Trim().Length > PasskeyRules.LongestName) return PasskeyOutcome.NameMissing;
        await using var db = await databases.CreateDbContextAsync(cancellation);
        if (!await proof.IsFreshAsync(db, caller, cancellation)) return PasskeyOutcome.ProofNeeded;
        if (await ceremonies.FinishAddAsync(caller.PersonId, BindingOf("add", caller), state, answer, http, cancellation) is not { } made) return PasskeyOutcome.Refused;
        await db.Database.OpenConnectionAsync(cancellation);
        await using var held = await dialect.LockAsync(db.Database.GetDbConnection(), LockOf(caller), cancellation);
        if (await db.UserPasskeys.CountAsync(p => p.UserId == caller.PersonId, cancellation) >= PasskeyRules.Most) return PasskeyOutcome.TooMany;
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        var title = string.IsNullOrWhiteSpace(name) ? DeviceName.Of(http.Request.Headers.UserAgent.ToString()) ?? "Passkey" : name.Trim();
        db.Add(new IdentityUserPasskey<Guid>
        {
            UserId = caller.PersonId,
            CredentialId = made.CredentialId,
            Data = new IdentityPasskeyData
            {
                PublicKey = made.PublicKey, Name = title, CreatedAt = made.CreatedAt, SignCount = made.SignCount, Transports = made.Transports, IsUserVerified = made.IsUserVerified,
                IsBackupEligible = made.IsBackupEligible, IsBackedUp = made.IsBackedUp, AttestationObject = made.AttestationObject, ClientDataJson = made.ClientDataJson,
            },
        });
        db.Audit(caller, "account.passkey_added", "user", caller.PersonId, caller.Name, new { passkey = title });
        await notices.TellAsync(db, caller, caller.PersonId, "PasskeyAddedTitle", "IfNotYou", cancellation, title);
        await db.SaveChangesAsync(cancellation);
        await ProvedAsync(db, caller, cancellation);
        await transaction.CommitAsync(cancellation);
        changes.Publish(new AccessChanged(caller.PersonId));
        return PasskeyOutcome.Done;
    }

    /// <summary>Gives passkeys new names, by their ids; what is not the caller's is left alone.</summary>
    public async Task<PasskeyOutcome> RenameAsync(IReadOnlyDictionary<string, string> names, CancellationToken cancellation)
    {
        var caller = await guard.RequireChange(cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var renamed = new List<object>();
        foreach (var passkey in await db.UserPasskeys.Where(p => p.UserId == caller.PersonId).ToListAsync(cancellation))
        {
            if (!names.TryGetValue(IdOf(passkey), out var name) || name.Trim() == passkey.Data.Name) continue;
            if (name.Trim().Length is 0 or > PasskeyRules.LongestName) return PasskeyOutcome.NameMissing;
            renamed.Add(new { before = passkey.Data.Name, after = name.Trim() });
            passkey.Data.Name = name.Trim();
        }

        if (renamed.Count == 0) return PasskeyOutcome.Done;
        db.Audit(caller, "account.passkey_renamed", "user", caller.PersonId, caller.Name, renamed, count: renamed.Count);
        await db.SaveChangesAsync(cancellation);
        return PasskeyOutcome.Done;
    }

    public async Task<PasskeyOutcome> RemoveAsync(string id, CancellationToken cancellation)
    {
        var caller = await guard.RequireChange(cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        if (!await proof.IsFreshAsync(db, caller, cancellation)) return PasskeyOutcome.ProofNeeded;
        // Two removed at once must not each take the other for the last way in.
        await db.Database.OpenConnectionAsync(cancellation);
        await using var held = await dialect.LockAsync(db.Database.GetDbConnection(), LockOf(caller), cancellation);
        var all = await db.UserPasskeys.Where(p => p.UserId == caller.PersonId).ToListAsync(cancellation);
        if (all.Find(p => IdOf(p) == id) is not { } passkey) return PasskeyOutcome.NotFound;
        var user = await db.Users.AsNoTracking().SingleAsync(u => u.Id == caller.PersonId, cancellation);
        if (all.Count == 1 && user is { PasswordHash: null, DirectoryName: null }) return PasskeyOutcome.LastWayIn;
        if (all.Count == 1 && user.AuthenticatorSince is null && await rule.IsRequiredAsync(db, user.Id, cancellation)) return PasskeyOutcome.Required;
        db.Remove(passkey);
        db.Audit(caller, "account.passkey_removed", "user", caller.PersonId, caller.Name, new { passkey = passkey.Data.Name });
        await notices.TellAsync(db, caller, caller.PersonId, "PasskeyRemovedTitle", "IfNotYou", cancellation, passkey.Data.Name ?? "");
        await db.SaveChangesAsync(cancellation);
        changes.Publish(new AccessChanged(caller.PersonId));
        return PasskeyOutcome.Done;
    }

    /// <summary>Asks for one of the caller's passkeys, to confirm who is there.</summary>
    public async Task<Ceremony> BeginConfirmAsync(HttpContext http, CancellationToken cancellation)
    {
        var caller = await guard.RequireChange(cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var user = await db.Users.AsNoTracking().SingleAsync(u => u.Id == caller.PersonId, cancellation);
        return await ceremonies.BeginShowAsync(user, BindingOf("confirm", caller), http);
    }

    public async Task<PasskeyOutcome> ConfirmAsync(string state, string answer, HttpContext http, CancellationToken cancellation)
    {
        var caller = await guard.RequireChange(cancellation);
        var shown = await ceremonies.FinishShowAsync(BindingOf("confirm", caller), state, answer, http, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        if (shown is not { } right || right.User.Id != caller.PersonId)
        {
            db.Audit(caller, "account.confirm", "user", caller.PersonId, caller.Name, new { reason = "passkey refused" }, outcome: AuditOutcome.Failed);
            await db.SaveChangesAsync(cancellation);
            return PasskeyOutcome.Refused;
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        await PasskeyCeremonies.KeepAsync(db, right.Passkey, cancellation);
        db.Audit(caller, "account.confirm", "user", caller.PersonId, caller.Name, new { method = nameof(SignInMethod.Passkey) });
        await db.SaveChangesAsync(cancellation);
        await ProvedAsync(db, caller, cancellation);
        await transaction.CommitAsync(cancellation);
        changes.Publish(new AccessChanged(caller.PersonId));
        return PasskeyOutcome.Done;
    }

    // Who has shown a passkey has proved two factors, however the sign-in began.
    private async Task ProvedAsync(AppDbContext db, Caller caller, CancellationToken cancellation)
    {
        await proof.MarkAsync(db, caller, cancellation);
        await FreshProof.StrengthenAsync(db, caller, SignInMethod.Passkey, cancellation);
    }

    private static string IdOf(IdentityUserPasskey<Guid> passkey) => Base64Url.EncodeToString(passkey.CredentialId);

    private static string LockOf(Caller caller) => $"blazoradmin.passkeys.{caller.PersonId:N}";

    private static string BindingOf(string purpose, Caller caller) => $"{purpose}.{caller.SessionId:N}";
}
