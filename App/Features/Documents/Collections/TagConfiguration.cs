using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlazorAdmin.Features.Documents.Collections;

public sealed class TagConfiguration : IEntityTypeConfiguration<Tag>, IEntityTypeConfiguration<DocumentTag>
{
    public void Configure(EntityTypeBuilder<Tag> builder)
    {
        builder.ToTable("Tags");
        builder.Property(t => t.Id).ValueGeneratedNever();
        builder.Property(t => t.Name).HasMaxLength(Tag.NameLength);
        builder.Property(t => t.NormalizedName).HasMaxLength(Tag.NameLength);
        builder.HasIndex(t => new { t.TenantId, t.NormalizedName }).IsUnique();
    }

    public void Configure(EntityTypeBuilder<DocumentTag> builder)
    {
        builder.ToTable("DocumentTags");
        builder.HasKey(t => new { t.DocumentId, t.TagId });
        builder.HasOne<Document>().WithMany().HasForeignKey(t => t.DocumentId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<Tag>().WithMany().HasForeignKey(t => t.TagId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(t => new { t.TagId, t.DocumentId });
    }
}
