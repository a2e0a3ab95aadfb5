using BlazorAdmin.Features.Audit;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlazorAdmin.Features.Settings;

/// <summary>A configuration value set in the portal; it wins over the files and loses against the environment.</summary>
public sealed class SettingOverride : IAudited
{
    /// <summary>Most characters of a key, and of a value before it is sealed.</summary>
    public const int MostKey = 300;

    public const int MostValue = 4_000;

    /// <summary>Full key, for instance <c>Documents:MaxBytes</c>.</summary>
    public required string Key { get; set; }

    public Guid TenantId { get; set; }

    [Secret]
    public string? Value { get; set; }

    public bool Encrypted { get; set; }

    public DateTimeOffset ChangedAt { get; set; }

    public Guid? ChangedBy { get; set; }
}

/// <summary>Small facts that the portal keeps about the installation: key check, schema of the files, set-up code.</summary>
public sealed class SystemValue
{
    public required string Key { get; set; }

    public string? Value { get; set; }

    public DateTimeOffset ChangedAt { get; set; }
}

public sealed class SettingOverrideConfiguration : IEntityTypeConfiguration<SettingOverride>
{
    public void Configure(EntityTypeBuilder<SettingOverride> builder)
    {
        builder.ToTable("SettingOverrides");
        builder.HasKey(s => s.Key);
        builder.Property(s => s.Key).HasMaxLength(SettingOverride.MostKey);
    }
}

public sealed class SystemValueConfiguration : IEntityTypeConfiguration<SystemValue>
{
    public void Configure(EntityTypeBuilder<SystemValue> builder)
    {
        builder.ToTable("SystemValues");
        builder.HasKey(s => s.Key);
        builder.Property(s => s.Key).HasMaxLength(100);
    }
}
