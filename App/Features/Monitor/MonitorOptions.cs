using System.ComponentModel.DataAnnotations;
using BlazorAdmin.Features.Settings;

namespace BlazorAdmin.Features.Monitor;

/// <summary>How often the machine is sampled, what of it, and how much of it stays in memory.</summary>
public sealed class MonitorOptions : IValidatableObject
{
    public const string Section = "Monitor";

    /// <summary>The list of processes, which can be switched off like a family.</summary>
    public const string Processes = "Processes";

    /// <summary>Milliseconds between two samples. Takes effect while running.</summary>
    [Range(50, 10_000)]
    public int IntervalMilliseconds { get; set; } = 100;

    /// <summary>Seconds between two readings of what is expensive or hardly moves: disk space, temperature, CPU frequency. Takes effect while running.</summary>
    [Range(1, 300)]
    public int SlowSeconds { get; set; } = 5;

    /// <summary>
    /// Families that are not collected: <c>"Temperature": false</c>. Names of <see cref="MetricFamily"/> and <c>Processes</c>;
    /// those not named are collected where the machine has them. Takes effect while running.
    /// </summary>
    public Dictionary<string, bool> Families { get; set; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Folder that holds the <c>proc</c> and <c>sys</c> to read; another one when the host's are mounted into a container. Takes effect at the next start.</summary>
    [NeedsRestart, Required]
    public string HostRoot { get; set; } = "/";

    /// <summary>Samples kept in memory, ten minutes at the default interval. Takes effect at the next start.</summary>
    [NeedsRestart, Range(100, 60_000)]
    public int KeptSamples { get; set; } = 6_000;

    /// <summary>Hours that every single sample is kept. This and what follows takes effect within an hour.</summary>
    [Range(1, 744)]
    public int KeepRawHours { get; set; } = 48;

    /// <summary>Days that figures of each second are kept.</summary>
    [Range(1, 366)]
    public int KeepSecondsDays { get; set; } = 14;

    /// <summary>Days that figures of each minute are kept.</summary>
    [Range(1, 3660)]
    public int KeepMinutesDays { get; set; } = 365;

    /// <summary>Days that figures of each hour, and the marks on the charts, are kept.</summary>
    [Range(1, 36_600)]
    public int KeepHoursDays { get; set; } = 1826;

    /// <summary>Room for samples that wait on the disk while the database is away, in MB; the oldest go first when it is full.</summary>
    [Range(1, 100_000)]
    public int JournalMegabytes { get; set; } = 512;

    public bool Collects(MetricFamily family) => Collects(family.ToString());

    /// <param name="name">Of a family, or <see cref="Processes"/>.</param>
    public bool Collects(string name) =>
        !Families.Any(family => !family.Value && string.Equals(family.Key, name, StringComparison.OrdinalIgnoreCase));

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        string[] known = [.. Enum.GetNames<MetricFamily>(), Processes];
        foreach (var name in Families.Keys.Where(name => !known.Contains(name, StringComparer.OrdinalIgnoreCase)))
            yield return new ValidationResult($"There is no family called '{name}'. There are {string.Join(", ", known)}.", [$"{nameof(Families)}:{name}"]);
    }
}
