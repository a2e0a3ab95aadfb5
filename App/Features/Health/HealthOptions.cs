using System.ComponentModel.DataAnnotations;

namespace BlazorAdmin.Features.Health;

/// <summary>Section <c>Health</c>: how often components are checked, and how long a check may take.</summary>
public sealed class HealthOptions
{
    public const string Section = "Health";

    /// <summary>Seconds between two runs of all checks.</summary>
    [Range(5, 86_400)]
    public int IntervalSeconds { get; set; } = 60;

    /// <summary>Seconds between two runs while somebody looks at the tab.</summary>
    [Range(2, 3_600)]
    public int WatchedSeconds { get; set; } = 10;

    /// <summary>Seconds after which a check that has not answered counts as unhealthy.</summary>
    [Range(1, 300)]
    public int TimeoutSeconds { get; set; } = 10;
}
