using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlazorAdmin.Features.Checklist;

/// <summary>A point of the first-run checklist that the portal cannot measure and an administrator has confirmed, or has set aside.</summary>
public sealed class ChecklistMark
{
    public Guid TenantId { get; set; }

    /// <summary>Key of the point, for instance <c>recovery-key</c>.</summary>
    public required string Item { get; set; }

    /// <summary>Set aside rather than done.</summary>
    public bool Dismissed { get; set; }

    public DateTimeOffset MarkedAt { get; set; }

    public Guid MarkedBy { get; set; }
}

public sealed class ChecklistMarkConfiguration : IEntityTypeConfiguration<ChecklistMark>
{
    public void Configure(EntityTypeBuilder<ChecklistMark> builder)
    {
        builder.ToTable("ChecklistMarks");
        builder.HasKey(m => new { m.TenantId, m.Item });
        builder.Property(m => m.Item).HasMaxLength(60).IsUnicode(false);
    }
}
