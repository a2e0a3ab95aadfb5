using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Features.Mail;
using BlazorAdmin.Features.Users;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Account;

/// <summary>Mails the link to a new password, if there is an account that sets its own.</summary>
public sealed class ForgottenPasswordHandler(IDbContextFactory<AppDbContext> databases, MailOutbox outbox, TimeProvider time) : IJobHandler<ForgottenPassword>
{
    public async Task RunAsync(ForgottenPassword arguments, JobContext job, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        // An address that nobody has confirmed may be a stranger's, and whom the organisation signs in gets no password here.
        var user = await db.Users.AsNoTracking()
            .SingleOrDefaultAsync(u => u.NormalizedEmail == arguments.Account && u.DeactivatedAt == null && u.EmailConfirmed && u.DirectoryName == null && !db.UserLogins.Any(l => l.UserId == u.Id), cancellation);
        if (user is null || !outbox.CanSendLinks)
        {
            job.Info(user is null ? "No account that sets its own password has this address." : "No mail can be sent any more.");
            return;
        }

        // Earlier links stay: whoever asks in somebody's name must not end an invitation or the link that the person waits for.
        var (link, token) = SignInLink.Make(user.Id, SignInLinkKind.PasswordReset, time.GetUtcNow(), UserAdministration.ResetLinkLifetime);
        db.Add(link);
        var caller = Caller.Portal with { TenantId = user.TenantId, Address = arguments.From };
        var model = new MailModel().With("link", outbox.LinkTo($"account/link?token={token}")).With("expires", MailOutbox.Moment(link.ExpiresAt));
        var message = await outbox.SendAsync(db, caller, MailTemplates.AccountReset, model, MailRecipient.Of(user), cancellation);
        db.Audit(caller, "account.forgotten", "user", user.Id, user.DisplayName, new { mail = message.Id, state = message.State.ToString() });
        await db.SaveChangesAsync(cancellation);
    }
}
