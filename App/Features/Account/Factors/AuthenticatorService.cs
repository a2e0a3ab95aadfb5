using System.Globalization;
using System.Security.Cryptography;
using BlazorAdmin.Data;
using BlazorAdmin.Data.Keys;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Notifications;
using BlazorAdmin.Live;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Account.Factors;

/// <summary>Somebody's own second factor.</summary>
/// <param name="Since">Since when sign-in asks for a code; null: it does not.</param>
/// <param name="CodesLeft">Recovery codes that were not used.</param>
/// <param name="IsRequired">A role of the person demands a second factor.</param>
public sealed record AuthenticatorState(DateTimeOffset? Since, int CodesLeft, bool IsRequired);

/// <summary>An app about to be set up: nothing is stored until a code of it has come.</summary>
/// <param name="Seed">To type into the app.</param>
/// <param name="Uri">The same, for its camera.</param>
/// <param name="Ticket">Brings the seed back with the first code; only this sign-in can use it, for fifteen minutes.</param>
public sealed record Enrolment(string Seed, string Uri, string Ticket);

public enum FactorOutcome
{
    Done,

    /// <summary>Confirm that it is you first.</summary>
    ProofNeeded,

    WrongCode,

    /// <summary>The set-up took too long, or belongs to another sign-in.</summary>
    Expired,

    /// <summary>There is no app to turn off or to make codes for.</summary>
    NotSetUp,

    /// <summary>A role demands a second factor, so it stays.</summary>
    Required,
}

/// <summary>Sets up, renews and turns off one's own authenticator app.</summary>
public sealed class AuthenticatorService(
    IDbContextFactory<AppDbContext> databases, Guard guard, FreshProof proof, SecondFactor factor, RecoveryCodes recovery, FactorRule rule, SecretBox box, OwnerNotices notices,
    Topic<AccessChanged> changes, TimeProvider time)
{
    private const string Issuer = "BlazorAdmin";

    private static readonly TimeSpan TicketLifetime = TimeSpan.FromMinutes(15);

    public async Task<AuthenticatorState> GetAsync(CancellationToken cancellation)
    {
        var caller = await guard.RequireSignedIn(cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var since = await db.Users.Where(u => u.Id == caller.PersonId).Select(u => u.AuthenticatorSince).SingleAsync(cancellation);
        return new AuthenticatorState(since, since is null ? 0 : await RecoveryCodes.LeftAsync(db, caller.PersonId, cancellation), await rule.IsRequiredAsync(db, caller.PersonId, cancellation));
    }

    /// <returns>Null without a fresh proof.</returns>
    public async Task<Enrolment?> BeginAsync(CancellationToken cancellation)
    {
        var caller = await guard.RequireChange(cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        if (!await proof.IsFreshAsync(db, caller, cancellation)) return null;
        var email = await db.Users.Where(u => u.Id == caller.PersonId).Select(u => u.Email!).SingleAsync(cancellation);
        var seed = Base32.Encode(Totp.NewSeed());
        var ends = (time.GetUtcNow() + TicketLifetime).ToUnixTimeSeconds();
        return Shown(seed, email, box.Seal(PurposeOf(caller), string.Create(CultureInfo.InvariantCulture, $"{ends}.{seed}")));
    }

    /// <summary>The set-up that a form brought back, to be shown again.</summary>
    /// <returns>Null if it is too old or of another sign-in.</returns>
    public async Task<Enrolment?> ReopenAsync(string ticket, CancellationToken cancellation)
    {
        var caller = await guard.RequireChange(cancellation);
        if (SeedOf(ticket, caller) is not { } seed) return null;
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return Shown(seed, await db.Users.Where(u => u.Id == caller.PersonId).Select(u => u.Email!).SingleAsync(cancellation), ticket);
    }

    /// <summary>Turns the app on with its first code, or replaces an earlier one; the person's other sign-ins that proved one thing only end.</summary>
    /// <returns>When done the recovery codes, known only now.</returns>
    public async Task<(FactorOutcome Outcome, IReadOnlyList<string> Codes)> ConfirmAsync(string ticket, string code, CancellationToken cancellation)
    {
        var caller = await guard.RequireChange(cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        if (!await proof.IsFreshAsync(db, caller, cancellation)) return (FactorOutcome.ProofNeeded, []);
        if (SeedOf(ticket, caller) is not { } seed) return (FactorOutcome.Expired, []);
        var typed = string.Concat(code.Where(letter => !char.IsWhiteSpace(letter)));
        var now = time.GetUtcNow();
        if (Totp.Match(Base32.Decode(seed), typed, now, lastUsed: null) is not { } step) return (FactorOutcome.WrongCode, []);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        // Whoever sets the step has the code: the form posted twice makes one set of recovery codes.
        if (await db.Users.Where(u => u.Id == caller.PersonId && (u.AuthenticatorStep == null || u.AuthenticatorStep < step))
            .ExecuteUpdateAsync(set => set.SetProperty(u => u.AuthenticatorStep, step), cancellation) != 1) return (FactorOutcome.WrongCode, []);
        var user = await db.Users.SingleAsync(u => u.Id == caller.PersonId, cancellation);
        (user.AuthenticatorSeed, user.AuthenticatorSince) = (factor.Seal(user.Id, seed), now);
        var codes = await recovery.RenewAsync(db, user.Id, cancellation);
        await FreshProof.StrengthenAsync(db, caller, SignInMethod.Authenticator, cancellation);
        // Whoever came in with the password alone before the app was there is asked for a code now.
        var ended = await db.EndSessionsAsync(user.Id, s => s.Id != caller.SessionId && SignInMethods.Weak.Contains(s.Method), SessionEnd.Revoked, now, cancellation);
        db.Audit(caller, "account.authenticator_on", "user", user.Id, user.DisplayName, new { sessionsEnded = ended });
        await notices.TellAsync(db, caller, user.Id, "AuthenticatorOnTitle", "IfNotYou", cancellation);
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        changes.Publish(new AccessChanged(user.Id));
        return (FactorOutcome.Done, codes);
    }

    /// <summary>Makes new recovery codes; the old ones end.</summary>
    public async Task<(FactorOutcome Outcome, IReadOnlyList<string> Codes)> RenewCodesAsync(CancellationToken cancellation)
    {
        var caller = await guard.RequireChange(cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        if (!await proof.IsFreshAsync(db, caller, cancellation)) return (FactorOutcome.ProofNeeded, []);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        // Written unchanged: it holds the account, so that two clicks at once do not leave two sets.
        if (await db.Users.Where(u => u.Id == caller.PersonId && u.AuthenticatorSince != null)
            .ExecuteUpdateAsync(set => set.SetProperty(u => u.AuthenticatorSince, u => u.AuthenticatorSince), cancellation) != 1) return (FactorOutcome.NotSetUp, []);
        var codes = await recovery.RenewAsync(db, caller.PersonId, cancellation);
        db.Audit(caller, "account.recovery_codes", "user", caller.PersonId, caller.Name, count: codes.Count);
        await notices.TellAsync(db, caller, caller.PersonId, "CodesRenewedTitle", "IfNotYou", cancellation);
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return (FactorOutcome.Done, codes);
    }

    public async Task<FactorOutcome> TurnOffAsync(CancellationToken cancellation)
    {
        var caller = await guard.RequireChange(cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        if (!await proof.IsFreshAsync(db, caller, cancellation)) return FactorOutcome.ProofNeeded;
        if (await rule.IsRequiredAsync(db, caller.PersonId, cancellation)) return FactorOutcome.Required;
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        var user = await db.Users.SingleAsync(u => u.Id == caller.PersonId, cancellation);
        if (user.AuthenticatorSince is null) return FactorOutcome.NotSetUp;
        await SecondFactor.RemoveAsync(db, user, cancellation);
        db.Audit(caller, "account.authenticator_off", "user", user.Id, user.DisplayName);
        await notices.TellAsync(db, caller, user.Id, "AuthenticatorOffTitle", "IfNotYou", cancellation);
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        changes.Publish(new AccessChanged(user.Id));
        return FactorOutcome.Done;
    }

    private static Enrolment Shown(string seed, string email, string ticket) =>
        new(string.Join(' ', seed.Chunk(4).Select(part => new string(part))), Totp.UriOf(Issuer, email, seed), ticket);

    private string? SeedOf(string ticket, Caller caller)
    {
        try
        {
            var parts = box.Open(PurposeOf(caller), ticket).Split('.');
            return long.Parse(parts[0], CultureInfo.InvariantCulture) > time.GetUtcNow().ToUnixTimeSeconds() ? parts[1] : null;
        }
        catch (CryptographicException)
        {
            // Changed on the way, or of another sign-in: the same as none.
            return null;
        }
    }

    private static string PurposeOf(Caller caller) => $"authenticator-setup.{caller.PersonId:N}.{caller.SessionId:N}";
}
