namespace BlazorAdmin.Features.Jobs;

/// <summary>
/// Claimed jobs that wait for a slot of this node, most urgent first. How many may wait follows the pace at which the node
/// finishes jobs: as many as it gets through in a tenth of a second. So short jobs are claimed by the hundred, and of long ones
/// none is kept from other nodes. Not for concurrent use.
/// </summary>
internal sealed class JobBuffer(TimeProvider time)
{
    /// <summary>Most jobs that one claim takes beyond the free slots.</summary>
    public const int Largest = 500;

    private const double SecondsAhead = 0.1;
    private static readonly TimeSpan Window = TimeSpan.FromMilliseconds(50);

    private readonly PriorityQueue<RunningJob, (int Urgency, long Place)> _jobs = new();
    private long _place;
    private long _since = time.GetTimestamp();
    private int _ended;
    private double _perSecond;

    public int Count => _jobs.Count;

    public IEnumerable<RunningJob> Jobs => _jobs.UnorderedItems.Select(item => item.Element);

    /// <summary>A job came to its end.</summary>
    public void CountEnd() => _ended++;

    /// <summary>How many jobs the buffer should hold now.</summary>
    public int Target()
    {
        var elapsed = time.GetElapsedTime(_since);
        if (elapsed >= Window)
        {
            // Half of the old pace is forgotten with each window, at once after a pause.
            var pace = _ended / elapsed.TotalSeconds;
            _perSecond = elapsed > Window * 20 ? pace : (_perSecond + pace) / 2;
            (_ended, _since) = (0, time.GetTimestamp());
        }

        return (int)Math.Min(Largest, _perSecond * SecondsAhead);
    }

    public void Add(RunningJob job) => _jobs.Enqueue(job, (-job.Claim.Priority, _place++));

    public RunningJob? Take() => _jobs.TryDequeue(out var job, out _) ? job : null;
}
