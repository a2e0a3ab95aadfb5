using BlazorAdmin.Features.Documents.Reading;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Live;

namespace BlazorAdmin.Features.Documents;

/// <summary>Passes progress on: to the job at once, to the document's row at most once a second.</summary>
internal sealed class ReadingProgress : IProgress<StepProgress>, IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private readonly JobContext _job;
    private readonly Throttle _throttle;
    private StepProgress? _last;

    public ReadingProgress(DocumentWrites writes, JobContext job, TimeProvider time)
    {
        _job = job;
        _throttle = new Throttle(Interval, cancel => writes.Progress(_last!, cancel), time, exception => job.Warn($"Progress was not saved: {exception.Message}"));
    }

    public void Report(StepProgress value)
    {
        _job.Progress(value.Percent, value.Message.ToString());
        Volatile.Write(ref _last, value);
        _throttle.Signal();
    }

    public ValueTask DisposeAsync() => _throttle.DisposeAsync();
}
