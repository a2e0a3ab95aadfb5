using System.Threading.Channels;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Documents.Classification;
using BlazorAdmin.Features.Documents.Reading;
using BlazorAdmin.Features.Documents.Storage;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Live;

namespace BlazorAdmin.Features.Documents;

/// <summary>
/// Prepares this node's tools at start, and closes documents whose job ended without them: cancelled before it began or while it ran,
/// out of attempts, timed out.
/// </summary>
internal sealed class DocumentsFollower(
    IDbContextFactory<AppDbContext> databases, DatabaseState database, ReadingTools tools, ContentStore store, Topic<JobChanged> jobs, Topic<DocumentChanged> changes,
    TimeProvider time, ILogger<DocumentsFollower> log, Topic<ClassifierChanged>? classifier = null) : BackgroundService
{
    private static readonly TimeSpan UnfinishedAfter = TimeSpan.FromDays(1);
    private static readonly TimeSpan LookAgain = TimeSpan.FromMinutes(1);

    /// <summary>One slot: what is asked for twice is done once.</summary>
    private readonly Channel<bool> _wanted = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await database.WhenReady(stoppingToken);
        await Prepare(stoppingToken);
        using var subscription = jobs.Subscribe(Follow, missed: Ask);
        Ask();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await CloseEnded(stoppingToken);
                await WaitForNext(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                DocumentsLog.FollowFailed(log, exception);
                await Task.Delay(LookAgain, time, stoppingToken);
            }
        }
    }

    private void Follow(JobChanged job)
    {
        if (job.Id == 0 || job.State is JobState.Failed or JobState.Cancelled) Ask();
    }

    private void Ask() => _wanted.Writer.TryWrite(true);

    private async Task WaitForNext(CancellationToken stop)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(LookAgain);
        try
        {
            await _wanted.Reader.ReadAsync(patience.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            // Nobody asked; messages can be lost, so it looks anyway.
        }
    }

    private async Task CloseEnded(CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var ended = await (from document in db.Set<Document>()
                           join job in db.Set<Job>() on document.JobId equals job.Id
                           where (document.State == DocumentState.Waiting || document.State == DocumentState.Reading) && (job.State == JobState.Failed || job.State == JobState.Cancelled)
                           orderby document.Id
                           select new { document.Id, document.OwnerId, document.JobId, document.Version, job.State }).AsNoTracking().Take(500).ToListAsync(cancel);
        var now = time.GetUtcNow();
        foreach (var one in ended)
        {
            var cancelled = one.State == JobState.Cancelled;
            var state = cancelled ? DocumentState.Cancelled : DocumentState.Problem;
            ReadOutcome? outcome = cancelled ? null : ReadOutcome.Failed;
            var reason = cancelled ? null : "ReadingFailed";
            // The job of a later reading is another one, so this closes only the reading that ended.
            var closed = await db.Set<Document>().Where(d => d.Id == one.Id && d.JobId == one.JobId && (d.State == DocumentState.Waiting || d.State == DocumentState.Reading)).ExecuteUpdateAsync(set => set
                .SetProperty(d => d.State, state)
                .SetProperty(d => d.Outcome, outcome)
                .SetProperty(d => d.ReasonKey, reason)
                .SetProperty(d => d.ReadEndedAt, now)
                // The job that erases what is in the bin goes by its version.
                .SetProperty(d => d.Version, d => d.DeletedAt == null ? d.Version + 1 : d.Version), cancel);
            if (closed > 0) changes.Publish(new DocumentChanged(one.Id, one.OwnerId, one.Version + 1));
        }
        foreach (var model in await ModelFailure.CloseEnded(db, cancel)) classifier?.Publish(new ClassifierChanged(model));
        if (ended.Count > 0) DocumentsLog.DocumentsClosed(log, ended.Count);
    }

    private async Task Prepare(CancellationToken cancel)
    {
        try
        {
            await tools.Report(cancel);
            if (store.RemoveUnfinished(UnfinishedAfter) is > 0 and var removed) DocumentsLog.UploadsRemoved(log, removed);
        }
        catch (Exception exception) when (!cancel.IsCancellationRequested)
        {
            // Each reading tries again by itself; the health check says what is missing.
            DocumentsLog.PrepareFailed(log, exception);
        }
    }
}
