using BlazorAdmin.Features.Users;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlazorAdmin.Features.Documents.Collections;

public sealed class CollectionConfiguration : IEntityTypeConfiguration<Collection>, IEntityTypeConfiguration<CollectionGrant>
{
    public void Configure(EntityTypeBuilder<Collection> builder)
    {
        builder.ToTable("Collections");
        builder.Property(c => c.Id).ValueGeneratedNever();
        builder.Property(c => c.Name).HasMaxLength(Collection.NameLength);
        builder.Property(c => c.NormalizedName).HasMaxLength(Collection.NameLength);
        builder.Property(c => c.Description).HasMaxLength(500);
        builder.Property(c => c.Languages).HasMaxLength(100).IsUnicode(false);
        builder.HasIndex(c => new { c.TenantId, c.NormalizedName }).IsUnique();
    }

    public void Configure(EntityTypeBuilder<CollectionGrant> builder)
    {
        builder.ToTable("CollectionGrants");
        builder.Property(g => g.Id).ValueGeneratedNever();
        builder.HasOne<Collection>().WithMany().HasForeignKey(g => g.CollectionId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<Role>().WithMany().HasForeignKey(g => g.RoleId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<User>().WithMany().HasForeignKey(g => g.UserId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(g => new { g.CollectionId, g.RoleId, g.UserId }).IsUnique();
    }
}
