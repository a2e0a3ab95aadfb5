namespace BlazorAdmin.Features.Jobs;

/// <summary>Topic <c>jobs</c>: what viewers see of a job changed.</summary>
public sealed record JobChanged(long Id, int Version, JobState State);

/// <summary>Topic <c>jobs.ready</c>: a queue has work.</summary>
public sealed record JobsReady(string Queue);
