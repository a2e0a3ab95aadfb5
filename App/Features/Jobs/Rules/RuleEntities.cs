using BlazorAdmin.Features.Audit;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlazorAdmin.Features.Jobs.Rules;

public enum PauseScope
{
    Queue,
    Type,
}

/// <summary>Jobs of a queue or type are not started.</summary>
public sealed class JobPause : IAudited
{
    public PauseScope Scope { get; set; }

    /// <summary>Of the queue or type.</summary>
    public required string Name { get; set; }

    public Guid TenantId { get; set; }

    public DateTimeOffset Since { get; set; }

    /// <summary>It ends by itself then; null for not before a person ends it.</summary>
    public DateTimeOffset? Until { get; set; }

    public string? Reason { get; set; }

    /// <summary>Name of who paused it.</summary>
    public string? By { get; set; }
}

/// <summary>What an operator set for a type of job; null leaves what the code says.</summary>
public sealed class JobTypeRule : IAudited
{
    /// <summary><see cref="JobTypeAttribute.Name"/>.</summary>
    public required string Type { get; set; }

    public Guid TenantId { get; set; }

    public int? Priority { get; set; }

    public int? MaxAttempts { get; set; }

    public int? TimeoutSeconds { get; set; }

    /// <summary>As <see cref="RetryStrategy.Parse"/> reads it.</summary>
    public string? Retry { get; set; }

    /// <summary>On all nodes together.</summary>
    public int? MaxRunning { get; set; }

    /// <summary>On all nodes together, of those with the same <see cref="Job.LimitKey"/>.</summary>
    public int? MaxRunningPerKey { get; set; }

    /// <summary>Starts a minute, of those with the same key.</summary>
    public double? StartsPerMinute { get; set; }

    public double? KeepSucceededDays { get; set; }

    public double? KeepFailedDays { get; set; }

    public DateTimeOffset ChangedAt { get; set; }
}

/// <summary>Token bucket of one type and key: how many starts are left now.</summary>
public sealed class JobBucket
{
    public required string Type { get; set; }

    /// <summary>Empty for jobs without a key.</summary>
    public required string Key { get; set; }

    public double Tokens { get; set; }

    /// <summary>On the database's clock.</summary>
    public DateTimeOffset FilledAt { get; set; }
}

/// <summary>How long a unique key keeps others out.</summary>
public enum UniqueUntil
{
    Started,
    Finished,

    /// <summary>For a period, whatever becomes of the job.</summary>
    Expired,
}

/// <summary>The job that holds a unique key.</summary>
public sealed class JobUnique
{
    public Guid TenantId { get; set; }

    public required string Key { get; set; }

    /// <summary>0 while the row is being made.</summary>
    public long JobId { get; set; }

    public UniqueUntil Until { get; set; }

    public DateTimeOffset? ExpiresAt { get; set; }
}

public sealed class JobPauseConfiguration : IEntityTypeConfiguration<JobPause>
{
    public void Configure(EntityTypeBuilder<JobPause> builder)
    {
        builder.ToTable("JobPauses");
        builder.HasKey(p => new { p.Scope, p.Name });
        builder.Property(p => p.Name).HasMaxLength(100);
        builder.Property(p => p.Reason).HasMaxLength(400);
        builder.Property(p => p.By).HasMaxLength(200);
    }
}

public sealed class JobTypeRuleConfiguration : IEntityTypeConfiguration<JobTypeRule>
{
    public void Configure(EntityTypeBuilder<JobTypeRule> builder)
    {
        builder.ToTable("JobTypeRules");
        builder.HasKey(r => r.Type);
        builder.Property(r => r.Type).HasMaxLength(100);
        builder.Property(r => r.Retry).HasMaxLength(200);
    }
}

public sealed class JobBucketConfiguration : IEntityTypeConfiguration<JobBucket>
{
    public void Configure(EntityTypeBuilder<JobBucket> builder)
    {
        builder.ToTable("JobBuckets");
        builder.HasKey(b => new { b.Type, b.Key });
        builder.Property(b => b.Type).HasMaxLength(100);
        builder.Property(b => b.Key).HasMaxLength(JobConfiguration.KeyLength);
    }
}

public sealed class JobUniqueConfiguration : IEntityTypeConfiguration<JobUnique>
{
    public void Configure(EntityTypeBuilder<JobUnique> builder)
    {
        builder.ToTable("JobUniques");
        builder.HasKey(u => new { u.TenantId, u.Key });
        builder.Property(u => u.Key).HasMaxLength(JobConfiguration.KeyLength);
        builder.HasIndex(u => u.JobId);
    }
}
