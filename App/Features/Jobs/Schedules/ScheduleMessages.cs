namespace BlazorAdmin.Features.Jobs.Schedules;

/// <summary>Topic <c>jobs.schedules</c>: what viewers see of a schedule changed.</summary>
/// <param name="Name">Null where it may be any of them.</param>
/// <param name="Rules">When it fires may have changed: every node reads the schedules again.</param>
public sealed record ScheduleChanged(string? Name, bool Rules)
{
    /// <summary>True if <paramref name="name"/> may have changed.</summary>
    public bool Concerns(string name) => Name is null || Name == name;
}
