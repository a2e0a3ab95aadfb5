using BlazorAdmin.Data;
using BlazorAdmin.Data.Keys;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Live;
using BlazorAdmin.Security;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Features.Mail;

/// <summary>
/// Hands one mail to the mail server. A lasting refusal ends it at once, everything else is tried again. A mail whose connection broke
/// after its content left may arrive twice; both have the same Message-ID.
/// </summary>
public sealed class SendMailHandler(
    IDbContextFactory<AppDbContext> databases, IDatabaseDialect dialect, SecretBox secrets, IOptionsMonitor<MailOptions> options, Topic<MailChanged> changes, TimeProvider time, ILogger<SendMailHandler> log)
    : IJobHandler<SendMail>
{
    public async Task RunAsync(SendMail arguments, JobContext job, CancellationToken cancellation)
    {
        var settings = options.CurrentValue;
        if (await TakeAsync(arguments.MessageId, job, settings, cancellation) is not { } message) return;
        if (message.Body is null || MailContent.Open(secrets, message.Body) is not { } content)
        {
            var why = message.Body is null ? MailAnswers.ContentGone : MailAnswers.Unreadable;
            await EndAsync(message.Id, MailState.Failed, why, keepsBody: true, cancellation);
            throw new JobFailedException(why);
        }

        try
        {
            var answer = await HandOverAsync(settings, message, content, job, cancellation);
            // The mail is out: whoever wants the job stopped now is too late.
            await EndAsync(message.Id, MailState.Sent, answer, keepsBody: false, CancellationToken.None);
        }
        catch (MailServerException exception) when (exception.IsFinal || job.IsLastAttempt)
        {
            if (exception.BlamesMailbox) await SuppressAsync(message, exception, CancellationToken.None);
            MailLog.Refused(log, message.Template, exception.Message);
            await EndAsync(message.Id, MailState.Failed, exception.Detail ?? exception.Message, keepsBody: true, CancellationToken.None);
            throw new JobFailedException(exception.Message, exception);
        }
        catch (MailServerException exception)
        {
            await NoteAsync(message.Id, exception.Message, cancellation);
            throw;
        }
    }

    /// <returns>Null if there is nothing to send, or not now.</returns>
    private async Task<MailMessage?> TakeAsync(Guid id, JobContext job, MailOptions settings, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var jobId = job.JobId;
        // Of two jobs for one mail (somebody sent it again) the one that it names has it; the first run of the first job puts its name there.
        var mine = db.Set<MailMessage>().Where(m => m.Id == id && m.State == MailState.Queued && (m.JobId == null || m.JobId == jobId));
        if (await mine.AsNoTracking().SingleOrDefaultAsync(cancellation) is not { } message)
        {
            job.Info("The mail was sent, given up, or handed to another job.");
            return null;
        }

        if (await MailOutbox.IsSuppressedAsync(db, message.TenantId, message.Address, cancellation))
        {
            await EndAsync(id, MailState.Suppressed, MailAnswers.Suppressed, keepsBody: true, cancellation);
            job.Info(MailAnswers.Suppressed);
            return null;
        }

        if (!settings.IsConfigured)
        {
            // Without a job until there is a server: waiting costs nothing then.
            await mine.ExecuteUpdateAsync(set => set.SetProperty(m => m.Answer, MailAnswers.NoServer).SetProperty(m => m.JobId, (long?)null), cancellation);
            job.Info(MailAnswers.NoServer);
            return null;
        }

        return await mine.ExecuteUpdateAsync(set => set.SetProperty(m => m.JobId, jobId).SetProperty(m => m.Attempts, m => m.Attempts + 1), cancellation) == 1 ? message : null;
    }

    private async Task<string> HandOverAsync(MailOptions settings, MailMessage message, MailContent content, JobContext job, CancellationToken cancellation)
    {
        var mail = MimeMail.Write(message.Id, settings.From!, settings.FromName, message.Address, content.Name, new MailParts(message.Subject, content.Text, content.Html), message.CreatedAt);
        await using var conversation = new SmtpConversation(settings, time, step =>
        {
            if (step.Took is { } took) job.Info($"{step.Stage} ({took.TotalMilliseconds:0} ms): {step.Failure?.Message ?? step.Answer}");
        });
        await conversation.OpenAsync(cancellation);
        var answer = await conversation.SendAsync(settings.From!, message.Address, mail, cancellation);
        await conversation.QuitAsync(CancellationToken.None);
        return answer;
    }

    private async Task SuppressAsync(MailMessage message, MailServerException refusal, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var row = new MailSuppression { Id = Guid.CreateVersion7(), TenantId = message.TenantId, Address = MailAddresses.Normalize(message.Address), Answer = refusal.Detail ?? refusal.Message, CreatedAt = time.GetUtcNow() };
        db.Add(row);
        db.Audit(Caller.Portal with { TenantId = message.TenantId }, "mail.suppress", "mail", message.Id, row.Address, new { answer = row.Answer });
        try
        {
            await db.SaveChangesAsync(cancellation);
        }
        catch (DbUpdateException exception) when (dialect.IsDuplicateKey(exception))
        {
            return; // another mail to it was refused at the same time
        }
    }

    private async Task EndAsync(Guid id, MailState state, string answer, bool keepsBody, CancellationToken cancellation)
    {
        await using (var db = await databases.CreateDbContextAsync(cancellation))
        {
            var (said, at) = (Fit(answer), state == MailState.Sent ? time.GetUtcNow() : (DateTimeOffset?)null);
            await db.Set<MailMessage>().Where(m => m.Id == id && m.State == MailState.Queued).ExecuteUpdateAsync(set => set
                .SetProperty(m => m.State, state).SetProperty(m => m.Answer, said).SetProperty(m => m.SentAt, at).SetProperty(m => m.Body, m => keepsBody ? m.Body : null), cancellation);
        }

        changes.Publish(new MailChanged(id));
    }

    private async Task NoteAsync(Guid id, string answer, CancellationToken cancellation)
    {
        await using (var db = await databases.CreateDbContextAsync(cancellation))
        {
            var said = Fit(answer);
            await db.Set<MailMessage>().Where(m => m.Id == id && m.State == MailState.Queued).ExecuteUpdateAsync(set => set.SetProperty(m => m.Answer, said), cancellation);
        }

        changes.Publish(new MailChanged(id));
    }

    private static string Fit(string answer) => MailRenderer.OneLine(answer, 1_000);
}
