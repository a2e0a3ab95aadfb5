using System.ComponentModel.DataAnnotations;

namespace BlazorAdmin.Features.Monitor;

/// <summary>How often the machine is sampled and how much of it stays in memory.</summary>
public sealed class MonitorOptions
{
    public const string Section = "Monitor";

    /// <summary>Milliseconds between two samples. Takes effect while running.</summary>
    [Range(50, 10_000)]
    public int IntervalMilliseconds { get; set; } = 100;

    /// <summary>Folder that holds the <c>proc</c> and <c>sys</c> to read; another one when the host's are mounted into a container. Takes effect at the next start.</summary>
    [Required]
    public string HostRoot { get; set; } = "/";

    /// <summary>Samples kept in memory, ten minutes at the default interval. Takes effect at the next start.</summary>
    [Range(100, 60_000)]
    public int KeptSamples { get; set; } = 6_000;
}
