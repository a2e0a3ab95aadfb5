using System.Diagnostics;

namespace BlazorAdmin.Features.Jobs;

/// <summary>One activity for each run of a job, for whoever listens: the portal's traces and exporters.</summary>
internal static class JobTrace
{
    public const string SourceName = "BlazorAdmin.Jobs";

    private static readonly ActivitySource Source = new(SourceName);

    /// <returns>Null if nobody listens.</returns>
    public static Activity? Start(RunningJob job)
    {
        // A run is the root of its trace: whoever happened to wake the runner has nothing to do with it.
        if (!Source.HasListeners()) return null;
        Activity.Current = null;
        var activity = Source.StartActivity(job.Type.Name, ActivityKind.Consumer);
        activity?.SetTag("job.id", job.JobId);
        activity?.SetTag("job.attempt", job.Attempt);
        return activity;
    }

    public static void Finish(Activity? activity, RunEnd? end, Exception? exception)
    {
        if (activity is null) return;
        if (end is not null) activity.SetTag("job.state", end.State.ToString());
        if (exception is not null) activity.SetStatus(ActivityStatusCode.Error, exception.Message);
    }
}
