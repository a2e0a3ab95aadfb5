using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlazorAdmin.Features.Settings;

/// <summary>One change of a value that is set in the portal. Append-only; rows of one command share their <see cref="Batch"/>.</summary>
public sealed class SettingChange
{
    public long Id { get; set; }

    public Guid TenantId { get; set; }

    public Guid Batch { get; set; }

    /// <summary>Full key, for instance <c>Documents:MaxBytes</c>.</summary>
    public required string Key { get; set; }

    /// <summary>What the portal said before; null if it said nothing. Sealed if <see cref="Encrypted"/>.</summary>
    public string? OldValue { get; set; }

    /// <summary>What it says since; null if the value was taken away. Sealed if <see cref="Encrypted"/>.</summary>
    public string? NewValue { get; set; }

    public bool Encrypted { get; set; }

    public DateTimeOffset ChangedAt { get; set; }

    public Guid? ChangedBy { get; set; }

    public string? Reason { get; set; }
}

public sealed class SettingChangeConfiguration : IEntityTypeConfiguration<SettingChange>
{
    public void Configure(EntityTypeBuilder<SettingChange> builder)
    {
        builder.ToTable("SettingChanges");
        builder.Property(c => c.Key).HasMaxLength(300);
        builder.Property(c => c.Reason).HasMaxLength(500);
        builder.HasIndex(c => new { c.TenantId, c.Id });
        builder.HasIndex(c => new { c.TenantId, c.Key, c.Id });
        builder.HasIndex(c => c.Batch);
    }
}
