using BlazorAdmin.Features.Audit;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlazorAdmin.Features.Flags;

/// <summary>A switch for a feature as an administrator set it. A flag that code declares and nobody changed has no row.</summary>
public sealed class Flag : IAudited
{
    public required string Key { get; set; }

    public Guid TenantId { get; set; }

    public string? Description { get; set; }

    /// <summary>The kill switch: off gives everybody the flag's off value, whatever the rules say.</summary>
    public bool Enabled { get; set; }

    /// <summary>JSON: rules, variants and prerequisites.</summary>
    public required string Definition { get; set; }

    /// <summary>Goes up with every change; a change of an older one is a conflict.</summary>
    public int Version { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset ChangedAt { get; set; }

    public Guid? ChangedBy { get; set; }

    /// <summary>To the hour.</summary>
    public DateTimeOffset? LastAskedAt { get; set; }

    public DateTimeOffset? ArchivedAt { get; set; }
}

/// <summary>Who was given which variant of a flag.</summary>
public sealed class FlagExposure
{
    public required string Flag { get; set; }

    public Guid UserId { get; set; }

    public required string Variant { get; set; }

    public Guid TenantId { get; set; }

    public DateTimeOffset FirstAt { get; set; }

    public DateTimeOffset LastAt { get; set; }
}

public sealed class FlagConfiguration : IEntityTypeConfiguration<Flag>
{
    public void Configure(EntityTypeBuilder<Flag> builder)
    {
        builder.ToTable("Flags");
        builder.HasKey(f => new { f.TenantId, f.Key });
        builder.Property(f => f.Key).HasMaxLength(100).IsUnicode(false);
        builder.Property(f => f.Description).HasMaxLength(500);
        builder.Property(f => f.Version).IsConcurrencyToken();
        builder.HasIndex(f => new { f.TenantId, f.ChangedAt, f.Key });
    }
}

public sealed class FlagExposureConfiguration : IEntityTypeConfiguration<FlagExposure>
{
    public void Configure(EntityTypeBuilder<FlagExposure> builder)
    {
        builder.ToTable("FlagExposures");
        builder.HasKey(e => new { e.TenantId, e.Flag, e.UserId, e.Variant });
        builder.Property(e => e.Flag).HasMaxLength(100).IsUnicode(false);
        builder.Property(e => e.Variant).HasMaxLength(50).IsUnicode(false);
        builder.HasIndex(e => new { e.TenantId, e.Flag, e.LastAt, e.UserId });
        builder.HasIndex(e => e.UserId);
    }
}
