namespace BlazorAdmin.Features.Jobs.Statistics;

/// <summary>Rows of statistics added up.</summary>
public sealed class JobFigureSum
{
    private readonly DurationSketch _waits = new();
    private readonly DurationSketch _runs = new();

    public long Succeeded { get; private set; }

    public long Failed { get; private set; }

    public long Retried { get; private set; }

    public long Cancelled { get; private set; }

    /// <summary>Jobs that ended, however.</summary>
    public long Ended => Succeeded + Failed + Cancelled;

    /// <summary>Share of the jobs that ended without success among those that ended by themselves, 0 to 1; null if none did.</summary>
    public double? FailureRate => Succeeded + Failed == 0 ? null : (double)Failed / (Succeeded + Failed);

    public void Add(JobStat row)
    {
        (Succeeded, Failed, Retried, Cancelled) = (Succeeded + row.Succeeded, Failed + row.Failed, Retried + row.Retried, Cancelled + row.Cancelled);
        _waits.Merge(DurationSketch.FromBytes(row.Waits));
        _runs.Merge(DurationSketch.FromBytes(row.Runs));
    }

    public TimeSpan? Wait(double share) => _waits.Quantile(share);

    public TimeSpan? Run(double share) => _runs.Quantile(share);
}
