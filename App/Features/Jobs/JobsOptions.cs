using System.ComponentModel.DataAnnotations;
using BlazorAdmin.Features.Settings;

namespace BlazorAdmin.Features.Jobs;

/// <summary>Section <c>Jobs</c>; changes take effect while running unless a setting says otherwise.</summary>
public sealed class JobsOptions
{
    public const string Section = "Jobs";

    /// <summary>Jobs that run at once on this node; 0 for one a core, at least two.</summary>
    [Range(0, 1000)]
    public int Slots { get; set; }

    /// <summary>Longest wait before a node looks for work that nobody announced, in milliseconds.</summary>
    [Range(50, 60_000)]
    public int PollMilliseconds { get; set; } = 1000;

    /// <summary>How long a node may be silent before its jobs are taken back, in seconds.</summary>
    [Range(1, 3600)]
    public double LeaseSeconds { get; set; } = 12;

    /// <summary>Time between two renewals, in seconds; well below the lease.</summary>
    [Range(0.1, 600)]
    public double HeartbeatSeconds { get; set; } = 3;

    /// <summary>Shortest time between two writes of progress and log, in milliseconds. Read at the start.</summary>
    [NeedsRestart, Range(20, 60_000)]
    public int ReportMilliseconds { get; set; } = 1000;

    /// <summary>Bound of the wait after the first failure, in seconds; it doubles with each failure.</summary>
    [Range(0, 3600)]
    public double BackoffSeconds { get; set; } = 10;

    /// <summary>Longest wait between two attempts, in seconds.</summary>
    [Range(0, 86_400)]
    public double LongestBackoffSeconds { get; set; } = 3600;

    /// <summary>How long a run may ignore that it was told to stop before it is shown as stuck and its slot is given to others, in seconds.</summary>
    [Range(0.1, 3600)]
    public double StuckSeconds { get; set; } = 10;

    /// <summary>A job that has been due for longer is started before more urgent ones now and then, in minutes.</summary>
    [Range(0.01, 10_080)]
    public double PatienceMinutes { get; set; } = 10;

    /// <summary>How long no running node may know the type of a due job before the job is laid aside as failed, in hours; longer than an update of all nodes takes.</summary>
    [Range(0.01, 8760)]
    public double UnknownTypeHours { get; set; } = 24;

    /// <summary>How long a stopping node lets its jobs finish before it hands them back, in seconds.</summary>
    [Range(0, 3600)]
    public double ShutdownSeconds { get; set; } = 10;

    /// <summary>Days that succeeded and cancelled jobs are kept.</summary>
    [Range(0, 3650)]
    public double KeepFinishedDays { get; set; } = 14;

    /// <summary>Days that failed jobs are kept.</summary>
    [Range(0, 3650)]
    public double KeepFailedDays { get; set; } = 90;

    /// <summary>When old jobs are deleted: seconds, minutes, hours, day, month, weekday. Read at the start.</summary>
    [NeedsRestart, Required]
    public string CleanupCron { get; set; } = "0 23 3 * * ?";

    public int EffectiveSlots => Slots > 0 ? Slots : Math.Max(2, Environment.ProcessorCount);

    public TimeSpan Lease => TimeSpan.FromSeconds(LeaseSeconds);

    public TimeSpan Heartbeat => TimeSpan.FromSeconds(HeartbeatSeconds);
}
