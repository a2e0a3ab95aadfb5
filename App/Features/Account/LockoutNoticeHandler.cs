using System.Globalization;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Features.Mail;
using BlazorAdmin.Security;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Features.Account;

/// <summary>Mails the owner that sign-in to their account was locked for an address, at most once an hour.</summary>
public sealed class LockoutNoticeHandler(IDbContextFactory<AppDbContext> databases, MailOutbox outbox, IOptionsMonitor<SecurityOptions> options, TimeProvider time) : IJobHandler<LockoutNotice>
{
    internal static readonly TimeSpan Pause = TimeSpan.FromHours(1);

    public async Task RunAsync(LockoutNotice arguments, JobContext job, CancellationToken cancellation)
    {
        if (!outbox.IsConfigured || arguments.Account is not { } account) return;
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var user = await db.Users.AsNoTracking().SingleOrDefaultAsync(u => u.NormalizedEmail == account && u.DeactivatedAt == null, cancellation);
        var (key, since) = (MailTemplates.AccountLockout.Key, time.GetUtcNow() - Pause);
        if (user is null || await db.Set<MailMessage>().AnyAsync(m => m.UserId == user.Id && m.Template == key && m.CreatedAt > since, cancellation))
        {
            job.Info(user is null ? "No open account has this address." : "The owner was told within the last hour.");
            return;
        }

        var model = new MailModel().With("address", arguments.From).With("time", MailOutbox.Moment(arguments.At))
            .With("minutes", options.CurrentValue.LockoutMinutes.ToString(CultureInfo.InvariantCulture));
        await outbox.SendAsync(db, Caller.Portal with { TenantId = user.TenantId }, MailTemplates.AccountLockout, model, MailRecipient.Of(user), cancellation);
        await db.SaveChangesAsync(cancellation);
    }
}
