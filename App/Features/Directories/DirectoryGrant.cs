using BlazorAdmin.Features.Users;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlazorAdmin.Features.Directories;

/// <summary>
/// A role that a directory or a trusted proxy gave. Only such roles are taken back when the groups change; what an
/// administrator gave stays.
/// </summary>
public sealed class DirectoryGrant
{
    public Guid UserId { get; set; }

    public Guid RoleId { get; set; }

    /// <summary>Who gave it: <c>directory</c> or <c>proxy</c>.</summary>
    public required string Source { get; set; }

    public DateTimeOffset GivenAt { get; set; }
}

public sealed class DirectoryGrantConfiguration : IEntityTypeConfiguration<DirectoryGrant>
{
    public void Configure(EntityTypeBuilder<DirectoryGrant> builder)
    {
        builder.ToTable("DirectoryGrants");
        builder.HasKey(g => new { g.UserId, g.RoleId, g.Source });
        builder.Property(g => g.Source).HasMaxLength(20).IsUnicode(false);
        builder.HasOne<User>().WithMany().HasForeignKey(g => g.UserId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(g => g.RoleId);
    }
}
