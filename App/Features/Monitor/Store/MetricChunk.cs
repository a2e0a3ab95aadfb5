using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlazorAdmin.Features.Monitor.Store;

/// <summary>How fine the numbers of a chunk are; each has its own retention.</summary>
public enum MetricLevel : byte
{
    Raw = 0,
    Second = 1,
    Minute = 2,
    Hour = 3,
}

/// <summary>Consecutive numbers of one series, packed. Written whole; only the newest chunk of a level still grows.</summary>
public sealed class MetricChunk
{
    public int SeriesId { get; set; }

    public MetricLevel Level { get; set; }

    /// <summary>Start of the span that the chunk stands for; a multiple of the level's span.</summary>
    public DateTimeOffset Start { get; set; }

    /// <summary>Numbers inside.</summary>
    public int Count { get; set; }

    public required byte[] Data { get; set; }
}

public sealed class MetricChunkConfiguration : IEntityTypeConfiguration<MetricChunk>
{
    public void Configure(EntityTypeBuilder<MetricChunk> builder)
    {
        builder.ToTable("MetricChunks");
        builder.HasKey(c => new { c.SeriesId, c.Level, c.Start });
        // A number, not a word: there are millions of these rows.
        builder.Property(c => c.Level).HasConversion<byte>();
        builder.HasIndex(c => new { c.Level, c.Start });
        builder.HasOne<MetricSeries>().WithMany().HasForeignKey(c => c.SeriesId).OnDelete(DeleteBehavior.Cascade);
    }
}
