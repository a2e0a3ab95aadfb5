using BlazorAdmin.Live;

namespace BlazorAdmin.Features.Jobs;

/// <summary>Topic <c>jobs</c>: what viewers see of a job changed. <see cref="Many"/> stands for more jobs than are worth naming.</summary>
public sealed record JobChanged(long Id, int Version, JobState State)
{
    public static JobChanged Many(JobState state) => new(0, 0, state);

    /// <summary>True if <paramref name="id"/> may have changed.</summary>
    public bool Concerns(long id) => Id == 0 || Id == id;
}

internal static class JobChanges
{
    private const int MostNamed = 50;

    /// <summary>Tells of each row, or of many at once: nobody follows fifty jobs by name.</summary>
    public static void Publish(this Topic<JobChanged> topic, IReadOnlyList<JobChanged> changes)
    {
        if (changes.Count > MostNamed) topic.Publish(JobChanged.Many(changes[0].State));
        else
            foreach (var change in changes)
                topic.Publish(change);
    }

    public static void Publish(this Topic<JobChanged> topic, IReadOnlyList<WrittenJob> rows) => topic.Publish([.. rows.Select(r => new JobChanged(r.Id, r.Version, r.State))]);
}

/// <summary>Topic <c>jobs.ready</c>: a queue has work.</summary>
public sealed record JobsReady(string Queue);

/// <summary>Topic <c>jobs.cancel</c>: whoever runs one of these stops it.</summary>
public sealed record JobCancelRequested(IReadOnlyList<long> Ids);
