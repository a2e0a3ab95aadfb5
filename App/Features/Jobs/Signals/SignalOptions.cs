using System.ComponentModel.DataAnnotations;

namespace BlazorAdmin.Features.Jobs.Signals;

/// <summary>Section <c>Jobs:Signals</c>: when operators are told; changes take effect while running.</summary>
public sealed class SignalOptions
{
    public const string Section = "Jobs:Signals";

    /// <summary>Time between two looks, in seconds; one of the nodes looks for all.</summary>
    [Range(1, 3600)]
    public double IntervalSeconds { get; set; } = 30;

    /// <summary>Jobs of a type that fail for good one after the other before it is a signal.</summary>
    [Range(1, 1000)]
    public int FailuresInARow { get; set; } = 5;

    /// <summary>How long a due job of a queue that is not paused may wait, in minutes.</summary>
    [Range(0.1, 1440)]
    public double BacklogMinutes { get; set; } = 10;

    /// <summary>How long a transaction may be open and hold back what the database tidies up, in minutes.</summary>
    [Range(0.1, 1440)]
    public double HeldTransactionMinutes { get; set; } = 5;

    /// <summary>Hours after which operators are reminded of a signal that still holds.</summary>
    [Range(1, 720)]
    public double RemindHours { get; set; } = 24;
}
