using System.Diagnostics.Metrics;

namespace BlazorAdmin.Features.Jobs;

/// <summary>Runs of jobs as instruments, named after the conventions of OpenTelemetry.</summary>
internal static class JobsMeter
{
    public const string Name = "BlazorAdmin.Jobs";
    public const string RunDuration = "blazoradmin.jobs.run.duration";

    private static readonly Meter Meter = new(Name);
    private static readonly Histogram<double> Runs = Meter.CreateHistogram<double>(RunDuration, "s", "Duration of runs of jobs.");

    /// <summary>Records a run that began and ended here.</summary>
    public static void Ran(string type, JobOutcome outcome, TimeSpan duration)
    {
        if (!Runs.Enabled) return;
        if (outcome is JobOutcome.Failed or JobOutcome.TimedOut) Runs.Record(duration.TotalSeconds, new("job.type", type), new("error.type", outcome.ToString()));
        else Runs.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("job.type", type));
    }
}
