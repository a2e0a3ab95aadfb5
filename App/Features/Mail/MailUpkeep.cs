using BlazorAdmin.Data;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Live;
using BlazorAdmin.Security;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Features.Mail;

/// <summary>
/// Sends what waited for a mail server once there is one, gives up mails whose job was cancelled, and deletes what is old. On every node:
/// a second one finds nothing left.
/// </summary>
public sealed class MailUpkeep(IDbContextFactory<AppDbContext> databases, DatabaseState database, IOptionsMonitor<MailOptions> options, Topic<MailChanged> changes, TimeProvider time, ILogger<MailUpkeep> log)
    : PeriodicService(database, TimeSpan.FromSeconds(30), time)
{
    private const int Batch = 500;
    private const string JobEnded = "Its job was cancelled or has ended without sending it.";

    private static readonly TimeSpan JobAppears = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan CleanUpInterval = TimeSpan.FromHours(1);

    private DateTimeOffset _cleanedAt;

    protected override async Task TickAsync(CancellationToken cancellation)
    {
        if (await ResumeAsync(cancellation) is > 0 and var resumed) MailLog.Resumed(log, resumed);
        await GiveUpAsync(cancellation);
        if (Time.GetUtcNow() - _cleanedAt < CleanUpInterval) return;
        _cleanedAt = Time.GetUtcNow();
        var (mails, contents) = await CleanUpAsync(cancellation);
        if (mails + contents > 0) MailLog.CleanedUp(log, mails, contents);
    }

    protected override void Report(Exception exception) => MailLog.UpkeepFailed(log, exception);

    /// <returns>How many mails got a job.</returns>
    internal async Task<int> ResumeAsync(CancellationToken cancellation)
    {
        if (!options.CurrentValue.IsConfigured) return 0;
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var waiting = await db.Set<MailMessage>().AsNoTracking().Where(m => m.State == MailState.Queued && m.Answer == MailAnswers.NoServer)
            .OrderBy(m => m.CreatedAt).Take(Batch).ToListAsync(cancellation);
        var resumed = 0;
        foreach (var message in waiting)
        {
            await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
            // Whoever takes the mark away enqueues; another node at the same time changes no row.
            if (await db.Set<MailMessage>().Where(m => m.Id == message.Id && m.State == MailState.Queued && m.Answer == MailAnswers.NoServer)
                .ExecuteUpdateAsync(set => set.SetProperty(m => m.Answer, (string?)null), cancellation) == 0) continue;
            MailOutbox.Enqueue(db, Caller.Portal with { TenantId = message.TenantId }, message, Time.GetUtcNow());
            await db.SaveChangesAsync(cancellation);
            await transaction.CommitAsync(cancellation);
            resumed++;
        }

        if (resumed > 0) changes.Publish(new MailChanged());
        return resumed;
    }

    /// <summary>Mails whose job has ended while they still wait: somebody cancelled or discarded it.</summary>
    internal async Task<int> GiveUpAsync(CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var orphans = await (
            from message in db.Set<MailMessage>()
            join job in db.Set<Job>() on message.JobId equals job.Id
            where message.State == MailState.Queued && job.FinishedAt != null
            select new { message.Id, message.JobId }).Take(Batch).ToListAsync(cancellation);
        var given = 0;
        foreach (var orphan in orphans)
            given += await db.Set<MailMessage>().Where(m => m.Id == orphan.Id && m.JobId == orphan.JobId && m.State == MailState.Queued)
                .ExecuteUpdateAsync(set => set.SetProperty(m => m.State, MailState.Failed).SetProperty(m => m.Answer, JobEnded), cancellation);
        given += await GiveUpUnsentAsync(db, cancellation);
        if (given > 0) changes.Publish(new MailChanged());
        return given;
    }

    /// <summary>The same before the first run: only then a mail knows its job. What is young may wait for one that is just being committed.</summary>
    private async Task<int> GiveUpUnsentAsync(AppDbContext db, CancellationToken cancellation)
    {
        var aged = Time.GetUtcNow() - JobAppears;
        var open = db.Set<Job>().Where(j => j.Type == SendMail.Name && j.FinishedAt == null).Select(j => j.SubjectUrl);
        var silent = await db.Set<MailMessage>()
            .Where(m => m.State == MailState.Queued && m.JobId == null && m.Answer == null && m.CreatedAt < aged && !open.Contains(MailOutbox.LinkPrefix + m.Id.ToString()))
            .Select(m => m.Id).Take(Batch).ToListAsync(cancellation);
        return silent.Count == 0 ? 0 : await db.Set<MailMessage>().Where(m => silent.Contains(m.Id) && m.State == MailState.Queued && m.JobId == null)
            .ExecuteUpdateAsync(set => set.SetProperty(m => m.State, MailState.Failed).SetProperty(m => m.Answer, JobEnded), cancellation);
    }

    /// <returns>How many mails were deleted, and how many lost their content.</returns>
    internal async Task<(int Mails, int Contents)> CleanUpAsync(CancellationToken cancellation)
    {
        var now = Time.GetUtcNow();
        var (oldest, oldContent) = (now.AddDays(-options.CurrentValue.RetentionDays), now.AddDays(-options.CurrentValue.ContentDays));
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var contents = await db.Set<MailMessage>().Where(m => m.CreatedAt < oldContent && m.Body != null && m.State != MailState.Queued)
            .ExecuteUpdateAsync(set => set.SetProperty(m => m.Body, (string?)null), cancellation);
        var mails = 0;
        while (true)
        {
            // What still waits is no history yet.
            var ids = await db.Set<MailMessage>().Where(m => m.CreatedAt < oldest && m.State != MailState.Queued).OrderBy(m => m.CreatedAt).Select(m => m.Id).Take(Batch).ToListAsync(cancellation);
            if (ids.Count > 0) mails += await db.Set<MailMessage>().Where(m => ids.Contains(m.Id)).ExecuteDeleteAsync(cancellation);
            if (ids.Count < Batch) return (mails, contents);
        }
    }
}
