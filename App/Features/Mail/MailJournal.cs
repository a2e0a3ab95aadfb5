using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Live;
using BlazorAdmin.Security;
using BlazorAdmin.Shell.Lists;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Features.Mail;

/// <summary>The log of mails and the addresses that get none; sends again.</summary>
public sealed class MailJournal(IDbContextFactory<AppDbContext> databases, Guard guard, IOptionsMonitor<MailOptions> options, Topic<MailChanged> changes, TimeProvider time)
{
    public static readonly ListQuery Defaults = new() { Sort = "created", Descending = true };

    private static readonly Keyset<MailMessage> Orders = Keyset<MailMessage>.Create(m => m.Id, "created", descending: true).By("created", m => m.CreatedAt);

    private static readonly Keyset<MailSuppression> SuppressedOrders = Keyset<MailSuppression>.Create(s => s.Id, "created", descending: true).By("created", s => s.CreatedAt).By("address", s => s.Address);

    public async Task<ListPage<MailRow>> ListAsync(ListQuery query, CancellationToken cancellation)
    {
        var caller = await guard.Require(MailPermissions.Read, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var source = Matching(db, caller, query);
        var page = await Orders.Page(db, source, query, m => new MailRow(m.Id, m.Template, m.Language, m.Address, m.Subject, m.State, m.Attempts, m.CreatedAt, m.SentAt, m.Answer), cancellation);
        return page with { Total = await source.CountUpTo(cancellation) };
    }

    /// <returns>Null if there is none in the caller's tenant.</returns>
    public async Task<MailDetails?> GetAsync(Guid id, CancellationToken cancellation)
    {
        var caller = await guard.Require(MailPermissions.Read, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await (
            from m in db.Set<MailMessage>().AsNoTracking()
            where m.Id == id && m.TenantId == caller.TenantId
            select new MailDetails(
                new MailRow(m.Id, m.Template, m.Language, m.Address, m.Subject, m.State, m.Attempts, m.CreatedAt, m.SentAt, m.Answer), m.TemplateVersion, m.UserId,
                db.Users.Where(u => u.Id == m.UserId).Select(u => u.DisplayName).FirstOrDefault(), m.JobId, m.Body != null)).SingleOrDefaultAsync(cancellation);
    }

    /// <summary>Gives a mail that was not sent a new job. An earlier job of it sends nothing any more.</summary>
    public async Task<ResendOutcome> ResendAsync(Guid id, CancellationToken cancellation)
    {
        var caller = await guard.Require(MailPermissions.Manage, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        var message = await db.Set<MailMessage>().SingleOrDefaultAsync(m => m.Id == id && m.TenantId == caller.TenantId, cancellation);
        if (message is null) return ResendOutcome.NotFound;
        if (message.State == MailState.Sent) return ResendOutcome.AlreadySent;
        if (message.Body is null) return ResendOutcome.NoContent;
        if (await MailOutbox.IsSuppressedAsync(db, message.TenantId, message.Address, cancellation)) return ResendOutcome.Suppressed;
        var isConfigured = options.CurrentValue.IsConfigured;
        (message.State, message.Answer, message.JobId) = (MailState.Queued, isConfigured ? null : MailAnswers.NoServer, null);
        var job = isConfigured ? MailOutbox.Enqueue(db, caller, message, time.GetUtcNow()) : null;
        db.Audit(caller, "mail.resend", "mail", message.Id, message.Address, new { template = message.Template, subject = message.Subject });
        db.AfterCommit(() => changes.Publish(new MailChanged(id)));
        await db.SaveChangesAsync(cancellation);
        if (job is not null)
        {
            message.JobId = job.Id;
            await db.SaveChangesAsync(cancellation);
        }

        await transaction.CommitAsync(cancellation);
        return ResendOutcome.Done;
    }

    public async Task<ListPage<SuppressionRow>> SuppressedAsync(ListQuery query, CancellationToken cancellation)
    {
        var caller = await guard.Require(MailPermissions.Read, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var source = db.Set<MailSuppression>().AsNoTracking().Where(s => s.TenantId == caller.TenantId);
        if (query.Search.Length > 0)
        {
            var wanted = query.Search.ToLowerInvariant();
            source = source.Where(s => s.Address.Contains(wanted));
        }

        var page = await SuppressedOrders.Page(db, source, query, s => new SuppressionRow(s.Id, s.Address, s.Answer, s.CreatedAt), cancellation);
        return page with { Total = await source.CountUpTo(cancellation) };
    }

    /// <summary>Mails may go to the address again.</summary>
    /// <returns>False if somebody was quicker.</returns>
    public async Task<bool> UnsuppressAsync(Guid id, CancellationToken cancellation)
    {
        var caller = await guard.Require(MailPermissions.Manage, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        if (await db.Set<MailSuppression>().SingleOrDefaultAsync(s => s.Id == id && s.TenantId == caller.TenantId, cancellation) is not { } row) return false;
        db.Remove(row);
        db.Audit(caller, "mail.unsuppress", "mail", id, row.Address, new { answer = row.Answer });
        db.AfterCommit(() => changes.Publish(new MailChanged()));
        try
        {
            await db.SaveChangesAsync(cancellation);
            return true;
        }
        catch (DbUpdateConcurrencyException)
        {
            return false;
        }
    }

    private static IQueryable<MailMessage> Matching(AppDbContext db, Caller caller, ListQuery query)
    {
        var mails = db.Set<MailMessage>().AsNoTracking().Where(m => m.TenantId == caller.TenantId);
        if (Enum.TryParse<MailState>(query.Filter("state"), ignoreCase: true, out var state)) mails = mails.Where(m => m.State == state);
        if (query.Filter("template") is { } template) mails = mails.Where(m => m.Template == template);
        if (query.Filter("user") is { } user && Guid.TryParse(user, out var userId)) mails = mails.Where(m => m.UserId == userId);
        if (ListDays.Instant(query.Filter("from")) is { } from) mails = mails.Where(m => m.CreatedAt >= from);
        if (ListDays.Instant(query.Filter("to")) is { } to) mails = mails.Where(m => m.CreatedAt < to);
        if (query.Search.Length == 0) return mails;
        var wanted = query.Search.ToLowerInvariant();
        return mails.Where(m => m.Address.ToLower().Contains(wanted) || m.Subject.ToLower().Contains(wanted));
    }
}
