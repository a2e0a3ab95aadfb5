using BlazorAdmin.Data;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Features.Mail;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Account;

public enum ForgottenOutcome
{
    /// <summary>If there is such an account, a mail is on its way; nobody is told which.</summary>
    Done,

    EmailInvalid,

    /// <summary>This network asks too often, whatever it asks for.</summary>
    TooMany,

    /// <summary>No mail server is configured, or no public address for links.</summary>
    MailNotPossible,
}

/// <summary>"Password forgotten": open to anonymous callers.</summary>
public sealed class ForgottenPasswords(IDbContextFactory<AppDbContext> databases, SignInThrottle throttle, AccountFactory accounts, MailOutbox outbox, TimeProvider time)
{
    /// <summary>A link can be mailed.</summary>
    public bool CanSend => outbox.CanSendLinks;

    /// <summary>Does the same for an account that exists and one that does not.</summary>
    public async Task<ForgottenOutcome> AskAsync(string? email, SignInPlace place, CancellationToken cancellation)
    {
        if (!CanSend) return ForgottenOutcome.MailNotPossible;
        if (!EmailRule.IsValid(email)) return ForgottenOutcome.EmailInvalid;
        var account = accounts.Normalize(email!);
        var verdict = await throttle.BeginResetAsync(account, place.Address ?? "unknown", cancellation);
        if (verdict.Locked) return ForgottenOutcome.TooMany;
        if (verdict.Slow) return ForgottenOutcome.Done;
        await using var db = await databases.CreateDbContextAsync(cancellation);
        db.Enqueue(new ForgottenPassword(account, place.Address), Caller.Portal, time.GetUtcNow());
        await db.SaveChangesAsync(cancellation);
        return ForgottenOutcome.Done;
    }
}
