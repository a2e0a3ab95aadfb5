using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlazorAdmin.Features.Backup;

public enum BackupState
{
    Running,
    Done,
    Failed,
}

/// <summary>One backup that was made or tried.</summary>
public sealed class BackupRun
{
    public Guid Id { get; set; }

    public DateTimeOffset StartedAt { get; set; }

    public DateTimeOffset? FinishedAt { get; set; }

    public BackupState State { get; set; }

    /// <summary>Where the archive lies.</summary>
    public required string Path { get; set; }

    /// <summary>Size of the archive.</summary>
    public long Bytes { get; set; }

    /// <summary>Rows of all tables together.</summary>
    public long Rows { get; set; }

    /// <summary>Stored files in the archive.</summary>
    public long Files { get; set; }

    /// <summary>When a restore into an empty database last proved the archive.</summary>
    public DateTimeOffset? VerifiedAt { get; set; }

    /// <summary>Why it failed.</summary>
    public string? Error { get; set; }
}

public sealed class BackupRunConfiguration : IEntityTypeConfiguration<BackupRun>
{
    public void Configure(EntityTypeBuilder<BackupRun> builder)
    {
        builder.ToTable("BackupRuns");
        builder.Property(r => r.Id).ValueGeneratedNever();
        builder.Property(r => r.Path).HasMaxLength(1_000);
        builder.Property(r => r.Error).HasMaxLength(2_000);
        builder.HasIndex(r => new { r.StartedAt, r.Id });
    }
}
