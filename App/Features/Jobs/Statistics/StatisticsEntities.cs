using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlazorAdmin.Features.Jobs.Statistics;

/// <summary>
/// What ended on one node in one minute (later: one hour), by type. Nodes append; readers add rows of the same minute up. Kept
/// longer than the jobs, so that figures survive them.
/// </summary>
public sealed class JobStat
{
    public long Id { get; set; }

    public Guid TenantId { get; set; }

    /// <summary>Start of the minute or hour.</summary>
    public DateTimeOffset At { get; set; }

    /// <summary>Length of the period: 60 or 3600.</summary>
    public int Seconds { get; set; }

    public required string Type { get; set; }

    public required string Node { get; set; }

    public int Succeeded { get; set; }

    /// <summary>Ended for good without success.</summary>
    public int Failed { get; set; }

    /// <summary>Failed runs that are tried again.</summary>
    public int Retried { get; set; }

    public int Cancelled { get; set; }

    /// <summary>Seconds between due and start, summed up over the runs.</summary>
    public double WaitSeconds { get; set; }

    /// <summary>Seconds of running, summed up.</summary>
    public double RunSeconds { get; set; }

    /// <summary>Distribution of the waits.</summary>
    public required byte[] Waits { get; set; }

    /// <summary>Distribution of the run times.</summary>
    public required byte[] Runs { get; set; }
}

/// <summary>How the jobs of a type went last; survives the jobs.</summary>
public sealed class JobTypeState
{
    public Guid TenantId { get; set; }

    public required string Type { get; set; }

    public long LastJobId { get; set; }

    public JobState LastState { get; set; }

    public DateTimeOffset LastEndedAt { get; set; }

    public DateTimeOffset? LastSuccessAt { get; set; }

    public DateTimeOffset? LastFailureAt { get; set; }

    public string? LastError { get; set; }

    /// <summary>Jobs that failed for good since the last success.</summary>
    public int FailuresInARow { get; set; }
}

public sealed class JobStatConfiguration : IEntityTypeConfiguration<JobStat>
{
    public void Configure(EntityTypeBuilder<JobStat> builder)
    {
        builder.ToTable("JobStats");
        builder.Property(s => s.Type).HasMaxLength(100);
        builder.Property(s => s.Node).HasMaxLength(100);
        builder.HasIndex(s => new { s.TenantId, s.At });
    }
}

public sealed class JobTypeStateConfiguration : IEntityTypeConfiguration<JobTypeState>
{
    public void Configure(EntityTypeBuilder<JobTypeState> builder)
    {
        builder.ToTable("JobTypeStates");
        builder.HasKey(s => new { s.TenantId, s.Type });
        builder.Property(s => s.Type).HasMaxLength(100);
        builder.Property(s => s.LastError).HasMaxLength(JobConfiguration.ErrorLength);
    }
}
