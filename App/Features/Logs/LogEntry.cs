using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlazorAdmin.Features.Logs;

/// <summary>One line of the portal's log.</summary>
public sealed class LogEntry
{
    public long Id { get; set; }

    public DateTimeOffset At { get; set; }

    /// <summary>As in Microsoft.Extensions.Logging, 0 (trace) to 5 (critical).</summary>
    public byte Level { get; set; }

    /// <summary>Part of the portal that wrote it, for instance <c>Jobs</c>.</summary>
    public required string Slice { get; set; }

    public required string Category { get; set; }

    public required string Message { get; set; }

    /// <summary>Type, text and stack of the exception.</summary>
    public string? Exception { get; set; }

    /// <summary>The number that people see when something failed.</summary>
    public string? Reference { get; set; }

    public string? TraceId { get; set; }

    public string? SpanId { get; set; }

    public Guid? UserId { get; set; }

    public long? JobId { get; set; }

    public required string Node { get; set; }

    /// <summary>The values in the message by their names, as JSON; secrets are masked.</summary>
    public string? Values { get; set; }
}

public sealed class LogEntryConfiguration : IEntityTypeConfiguration<LogEntry>
{
    public void Configure(EntityTypeBuilder<LogEntry> builder)
    {
        builder.ToTable("LogEntries");
        builder.Property(e => e.Slice).HasMaxLength(40).IsUnicode(false);
        builder.Property(e => e.Category).HasMaxLength(200);
        builder.Property(e => e.Message).HasMaxLength(4000);
        builder.Property(e => e.Reference).HasMaxLength(20).IsUnicode(false);
        builder.Property(e => e.TraceId).HasMaxLength(32).IsUnicode(false);
        builder.Property(e => e.SpanId).HasMaxLength(16).IsUnicode(false);
        builder.Property(e => e.Node).HasMaxLength(100);
        // The number grows with time: it is the order of every list, and old lines go by it.
        builder.HasIndex(e => e.At);
        builder.HasIndex(e => new { e.Level, e.Id });
        builder.HasIndex(e => new { e.Slice, e.Id });
        builder.HasIndex(e => new { e.UserId, e.Id });
        builder.HasIndex(e => new { e.JobId, e.Id });
        builder.HasIndex(e => e.Reference);
        builder.HasIndex(e => e.TraceId);
    }
}
