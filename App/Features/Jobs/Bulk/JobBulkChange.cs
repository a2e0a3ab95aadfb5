using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlazorAdmin.Features.Jobs.Bulk;

/// <summary>What a bulk command found before it changed a job, so that it can be undone.</summary>
public sealed class JobBulkChange
{
    /// <summary>The job that carried the command out.</summary>
    public long BulkId { get; set; }

    public long JobId { get; set; }

    public JobState StateBefore { get; set; }
}

public sealed class JobBulkChangeConfiguration : IEntityTypeConfiguration<JobBulkChange>
{
    public void Configure(EntityTypeBuilder<JobBulkChange> builder)
    {
        builder.ToTable("JobBulkChanges");
        builder.HasKey(c => new { c.BulkId, c.JobId });
    }
}
