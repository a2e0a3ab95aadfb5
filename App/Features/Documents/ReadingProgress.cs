using BlazorAdmin.Features.Documents.Reading;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Live;

namespace BlazorAdmin.Features.Documents;

/// <summary>
/// Passes progress on: to the job at once, to the document's row at most once a second. Ends the reading when a person deleted or
/// stopped the document meanwhile.
/// </summary>
internal sealed class ReadingProgress : IProgress<StepProgress>, IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private readonly JobContext _job;
    private readonly Throttle _throttle;
    private readonly CancellationTokenSource _unwanted = new();
    private readonly IDisposable _subscription;
    private StepProgress? _last;

    public ReadingProgress(DocumentWrites writes, ReadDocument reading, Topic<DocumentChanged> changes, JobContext job, TimeProvider time)
    {
        _job = job;
        _throttle = new Throttle(Interval, cancel => Save(writes, cancel), time, exception => job.Warn($"Progress was not saved: {exception.Message}"));
        // Version 0 is progress, this reading's own.
        _subscription = changes.Subscribe(change =>
        {
            if (change.Id == reading.DocumentId && change.Version > 0) _throttle.Signal();
        });
    }

    /// <summary>Cancelled when nobody wants this reading any more.</summary>
    public CancellationToken Unwanted => _unwanted.Token;

    public void Report(StepProgress value)
    {
        _job.Progress(value.Percent, value.Message.ToString());
        Volatile.Write(ref _last, value);
        _throttle.Signal();
    }

    public async ValueTask DisposeAsync()
    {
        _subscription.Dispose();
        await _throttle.DisposeAsync();
        _unwanted.Dispose();
    }

    private async Task Save(DocumentWrites writes, CancellationToken cancel)
    {
        var wanted = Volatile.Read(ref _last) is { } last ? await writes.Progress(last, cancel) : await writes.IsWanted(cancel);
        if (!wanted) await _unwanted.CancelAsync();
    }
}
