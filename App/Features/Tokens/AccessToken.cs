using BlazorAdmin.Features.Users;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlazorAdmin.Features.Tokens;

/// <summary>A key for the portal's machine surfaces. The secret itself is shown once and never kept.</summary>
public sealed class AccessToken
{
    public Guid Id { get; set; }

    public Guid TenantId { get; set; }

    /// <summary>Who made it.</summary>
    public Guid OwnerId { get; set; }

    public required string Name { get; set; }

    /// <summary>Its first characters, so that people recognise it.</summary>
    public required string Prefix { get; set; }

    /// <summary>SHA-256 of the whole token; it is random and long, so it needs no salt.</summary>
    public required byte[] Hash { get; set; }

    /// <summary>What it opens, separated by spaces, for instance <c>metrics.read</c>.</summary>
    public required string Scopes { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Null: it does not expire.</summary>
    public DateTimeOffset? ExpiresAt { get; set; }

    /// <summary>To the minute.</summary>
    public DateTimeOffset? LastUsedAt { get; set; }

    public string? LastUsedFrom { get; set; }

    public DateTimeOffset? RevokedAt { get; set; }
}

public sealed class AccessTokenConfiguration : IEntityTypeConfiguration<AccessToken>
{
    public void Configure(EntityTypeBuilder<AccessToken> builder)
    {
        builder.ToTable("AccessTokens");
        builder.Property(t => t.Name).HasMaxLength(100);
        builder.Property(t => t.Prefix).HasMaxLength(20).IsUnicode(false);
        builder.Property(t => t.Hash).HasMaxLength(32);
        builder.Property(t => t.Scopes).HasMaxLength(400).IsUnicode(false);
        builder.Property(t => t.LastUsedFrom).HasMaxLength(64).IsUnicode(false);
        builder.HasIndex(t => t.Hash).IsUnique();
        builder.HasIndex(t => new { t.TenantId, t.CreatedAt, t.Id });
        builder.HasOne<User>().WithMany().HasForeignKey(t => t.OwnerId).OnDelete(DeleteBehavior.Cascade);
    }
}
