using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Security;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Features.Mail;

/// <summary>The state of the connection to the mail server, and its tests. Only ever the configured server is called.</summary>
public sealed class MailConnection(IDbContextFactory<AppDbContext> databases, Guard guard, MailOutbox outbox, IOptionsMonitor<MailOptions> options, IOptionsMonitor<SecurityOptions> security, TimeProvider time)
{
    public bool IsConfigured => options.CurrentValue.IsConfigured;

    public async Task<MailConnectionView> ReadAsync(CancellationToken cancellation)
    {
        var caller = await guard.Require(MailPermissions.Read, cancellation);
        var o = options.CurrentValue;
        var dayAgo = time.GetUtcNow().AddDays(-1);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var mails = db.Set<MailMessage>().AsNoTracking().Where(m => m.TenantId == caller.TenantId);
        return new MailConnectionView(
            o.IsConfigured, o.Host, o.Port, o.Security, o.UserName, o.Password is { Length: > 0 }, o.From, o.FromName, security.CurrentValue.PublicUrl, o.ConnectSeconds, o.AnswerSeconds, o.DataSeconds,
            await mails.CountAsync(m => m.State == MailState.Queued, cancellation),
            await mails.CountAsync(m => m.State == MailState.Sent && m.CreatedAt > dayAgo, cancellation),
            await mails.CountAsync(m => m.State == MailState.Failed && m.CreatedAt > dayAgo, cancellation),
            await mails.Where(m => m.State == MailState.Sent).OrderByDescending(m => m.CreatedAt).Select(m => m.SentAt).FirstOrDefaultAsync(cancellation));
    }

    /// <summary>Connects, secures, signs in and says goodbye, without sending anything.</summary>
    /// <param name="told">Hears of every step as it begins and ends.</param>
    /// <returns>False if a step failed, or no server is configured.</returns>
    public async Task<bool> TestAsync(Action<SmtpStep> told, CancellationToken cancellation)
    {
        var caller = await guard.Require(MailPermissions.Manage, cancellation);
        var settings = options.CurrentValue;
        if (!settings.IsConfigured) return false;
        MailServerException? failure = null;
        try
        {
            await using var conversation = new SmtpConversation(settings, time, told);
            await conversation.OpenAsync(cancellation);
            await conversation.QuitAsync(cancellation);
        }
        catch (MailServerException exception)
        {
            failure = exception;
        }

        await using var db = await databases.CreateDbContextAsync(cancellation);
        db.Audit(caller, "mail.test_connection", "mail_server", settings.Host, $"{settings.Host}:{settings.Port}", new { failure = failure?.Message }, outcome: failure is null ? AuditOutcome.Done : AuditOutcome.Failed);
        await db.SaveChangesAsync(cancellation);
        return failure is null;
    }

    /// <summary>Sends a mail to the caller by the way that all mails take.</summary>
    /// <returns>The mail in the log; null if the caller has no address.</returns>
    public async Task<Guid?> SendTestMailAsync(CancellationToken cancellation)
    {
        var caller = await guard.Require(MailPermissions.Manage, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        if (await db.Users.AsNoTracking().SingleOrDefaultAsync(u => u.Id == caller.UserId, cancellation) is not { Email.Length: > 0 } person) return null;
        var settings = options.CurrentValue;
        var model = new MailModel().With("server", $"{settings.Host}:{settings.Port}").With("time", MailOutbox.Moment(time.GetUtcNow()));
        var message = await outbox.SendAsync(db, caller, MailTemplates.Test, model, MailRecipient.Of(person), cancellation);
        db.Audit(caller, "mail.test_mail", "mail", message.Id, message.Address);
        await db.SaveChangesAsync(cancellation);
        return message.Id;
    }
}
