using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlazorAdmin.Features.Monitor.Store;

/// <summary>Something that happened at a moment and is shown on the time axis of charts.</summary>
public sealed class MetricMark
{
    public long Id { get; set; }

    public DateTimeOffset At { get; set; }

    /// <summary>Which sort of event, for instance <c>portal.start</c> or <c>job.failed</c>; names its text and icon.</summary>
    public required string Kind { get; set; }

    public required string Node { get; set; }

    /// <summary>What it was about, for instance a version or a job type.</summary>
    public string? Subject { get; set; }

    /// <summary>Page of the portal that tells more.</summary>
    public string? Link { get; set; }
}

public sealed class MetricMarkConfiguration : IEntityTypeConfiguration<MetricMark>
{
    public void Configure(EntityTypeBuilder<MetricMark> builder)
    {
        builder.ToTable("MetricMarks");
        builder.Property(m => m.Kind).HasMaxLength(40).IsUnicode(false);
        builder.Property(m => m.Node).HasMaxLength(100);
        builder.Property(m => m.Subject).HasMaxLength(200);
        builder.Property(m => m.Link).HasMaxLength(200);
        builder.HasIndex(m => m.At);
    }
}
