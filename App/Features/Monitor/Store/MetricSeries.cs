using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlazorAdmin.Features.Monitor.Store;

/// <summary>One metric of one node, for as long as anything of it is kept.</summary>
public sealed class MetricSeries
{
    public int Id { get; set; }

    public required string Node { get; set; }

    /// <summary>As in <see cref="Metric.Key"/>.</summary>
    public required string Key { get; set; }

    public MetricFamily Family { get; set; }

    public MetricKind Kind { get; set; }

    public string? Device { get; set; }

    public DateTimeOffset FirstAt { get; set; }
}

public sealed class MetricSeriesConfiguration : IEntityTypeConfiguration<MetricSeries>
{
    public void Configure(EntityTypeBuilder<MetricSeries> builder)
    {
        builder.ToTable("MetricSeries");
        builder.Property(s => s.Node).HasMaxLength(100);
        builder.Property(s => s.Key).HasMaxLength(200).IsUnicode(false);
        builder.Property(s => s.Device).HasMaxLength(100);
        builder.HasIndex(s => new { s.Node, s.Key }).IsUnique();
    }
}
