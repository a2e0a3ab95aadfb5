using BlazorAdmin.Data;
using BlazorAdmin.Features.Account;
using BlazorAdmin.Features.Mail;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Users;

/// <summary>Writes invitations into the commands that invite. Has no rights of its own: the command that calls it has authorised.</summary>
public sealed class Invitations(MailOutbox outbox, TimeProvider time)
{
    /// <summary>How long an invitation can be accepted.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(3);

    /// <summary>An invitation can be mailed: there is a mail server, and the portal's public address is known.</summary>
    public bool CanSend => outbox.CanSendLinks;

    /// <summary>Adds link and mail to <paramref name="db"/> and notes on <paramref name="user"/> that they were invited; earlier invitations end.</summary>
    /// <returns>Anything but <see cref="UserOutcome.Done"/>: do not save.</returns>
    public async Task<UserOutcome> WriteAsync(AppDbContext db, Caller caller, User user, CancellationToken cancellation)
    {
        if (!CanSend) return UserOutcome.MailNotPossible;
        var now = time.GetUtcNow();
        await SignInLinks.RemoveUnusedAsync(db, user.Id, SignInLinkKind.Invitation, cancellation);
        var (link, token) = SignInLink.Make(user.Id, SignInLinkKind.Invitation, now, Lifetime);
        db.Add(link);
        user.InvitedAt = now;
        var model = new MailModel().With("link", outbox.LinkTo($"account/link?token={token}")).With("expires", MailOutbox.Moment(link.ExpiresAt)).With("inviter", caller.Name);
        var message = await outbox.SendAsync(db, caller, MailTemplates.AccountInvitation, model, MailRecipient.Of(user), cancellation);
        return message.State == MailState.Queued ? UserOutcome.Done : UserOutcome.MailRefused;
    }
}
