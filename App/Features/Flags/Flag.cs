using BlazorAdmin.Features.Audit;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlazorAdmin.Features.Flags;

/// <summary>A feature flag: who is given which variant of something. Its present form is evaluated from memory on every node.</summary>
public sealed class Flag : IAudited
{
    public Guid Id { get; set; }

    public Guid TenantId { get; set; }

    /// <summary>What code asks for, for instance <c>ask.streaming</c>; never changes.</summary>
    public required string Key { get; set; }

    public string? Description { get; set; }

    /// <summary>Off is the kill switch: everybody is given the off variant, whatever the rules say.</summary>
    public bool Enabled { get; set; }

    /// <summary>Variants, targeting rules, prerequisites and time window as JSON.</summary>
    public required string Definition { get; set; }

    /// <summary>Seeds the hash that spreads people over percentages, so that two flags do not choose the same people.</summary>
    public required string Salt { get; set; }

    /// <summary>Goes up with every change; an editor that saves an older one is told of the conflict.</summary>
    public int Version { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset ChangedAt { get; set; }

    /// <summary>Out of use and out of the list, kept for its history.</summary>
    public DateTimeOffset? ArchivedAt { get; set; }

    /// <summary>When code last asked for it, to the minute; null: never.</summary>
    public DateTimeOffset? LastAskedAt { get; set; }
}

/// <summary>A form that a flag had, with who made it and why; or the one that is proposed and waits for a second person.</summary>
public sealed class FlagVersion
{
    /// <summary>The <see cref="Version"/> of the form that is proposed: one at most of each flag.</summary>
    public const int Proposed = 0;

    public Guid FlagId { get; set; }

    public int Version { get; set; }

    public bool Enabled { get; set; }

    public required string Definition { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public Guid? CreatedBy { get; set; }

    /// <summary>Why it was changed.</summary>
    public string? Note { get; set; }
}

/// <summary>Who was given what: the variant that a person last got of a flag.</summary>
public sealed class FlagExposure
{
    public Guid FlagId { get; set; }

    public Guid UserId { get; set; }

    public Guid TenantId { get; set; }

    public required string Variant { get; set; }

    /// <summary>Version of the flag that gave it.</summary>
    public int Version { get; set; }

    /// <summary>Why: the rule, percentage, prerequisite or kill switch that decided.</summary>
    public required string Reason { get; set; }

    public DateTimeOffset FirstAt { get; set; }

    public DateTimeOffset LastAt { get; set; }
}

public sealed class FlagConfiguration : IEntityTypeConfiguration<Flag>
{
    public void Configure(EntityTypeBuilder<Flag> builder)
    {
        builder.ToTable("Flags");
        builder.Property(f => f.Id).ValueGeneratedNever();
        builder.Property(f => f.Key).HasMaxLength(100).IsUnicode(false);
        builder.Property(f => f.Description).HasMaxLength(1_000);
        builder.Property(f => f.Salt).HasMaxLength(32).IsUnicode(false);
        builder.Property(f => f.Version).IsConcurrencyToken();
        builder.HasIndex(f => new { f.TenantId, f.Key }).IsUnique();
    }
}

public sealed class FlagVersionConfiguration : IEntityTypeConfiguration<FlagVersion>
{
    public void Configure(EntityTypeBuilder<FlagVersion> builder)
    {
        builder.ToTable("FlagVersions");
        builder.HasKey(v => new { v.FlagId, v.Version });
        builder.Property(v => v.Note).HasMaxLength(500);
        builder.HasOne<Flag>().WithMany().HasForeignKey(v => v.FlagId).OnDelete(DeleteBehavior.Cascade);
    }
}

public sealed class FlagExposureConfiguration : IEntityTypeConfiguration<FlagExposure>
{
    public void Configure(EntityTypeBuilder<FlagExposure> builder)
    {
        builder.ToTable("FlagExposures");
        builder.HasKey(e => new { e.FlagId, e.UserId });
        builder.Property(e => e.Variant).HasMaxLength(100);
        builder.Property(e => e.Reason).HasMaxLength(200);
        builder.HasOne<Flag>().WithMany().HasForeignKey(e => e.FlagId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(e => new { e.FlagId, e.LastAt, e.UserId });
        builder.HasIndex(e => new { e.FlagId, e.Variant });
        builder.HasIndex(e => e.UserId);
    }
}
