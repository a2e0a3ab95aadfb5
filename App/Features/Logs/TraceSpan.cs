using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlazorAdmin.Features.Logs;

/// <summary>One step of a trace: a request, a job, a command to the database.</summary>
public sealed class TraceSpan
{
    public required string TraceId { get; set; }

    public required string SpanId { get; set; }

    /// <summary>The step that contains it; null for the first.</summary>
    public string? ParentId { get; set; }

    public required string Name { get; set; }

    /// <summary>Source of the activity, for instance <c>Npgsql</c>.</summary>
    public required string Source { get; set; }

    public DateTimeOffset StartedAt { get; set; }

    public long Microseconds { get; set; }

    public bool Failed { get; set; }

    public required string Node { get; set; }

    /// <summary>Tags of the activity, as JSON; secrets are masked.</summary>
    public string? Tags { get; set; }
}

public sealed class TraceSpanConfiguration : IEntityTypeConfiguration<TraceSpan>
{
    public void Configure(EntityTypeBuilder<TraceSpan> builder)
    {
        builder.ToTable("TraceSpans");
        builder.HasKey(s => new { s.TraceId, s.SpanId });
        builder.Property(s => s.TraceId).HasMaxLength(32).IsUnicode(false);
        builder.Property(s => s.SpanId).HasMaxLength(16).IsUnicode(false);
        builder.Property(s => s.ParentId).HasMaxLength(16).IsUnicode(false);
        builder.Property(s => s.Name).HasMaxLength(200);
        builder.Property(s => s.Source).HasMaxLength(100);
        builder.Property(s => s.Node).HasMaxLength(100);
        builder.HasIndex(s => s.StartedAt);
    }
}
