using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlazorAdmin.Features.Documents.Duplicates;

public sealed class DuplicatesConfiguration : IEntityTypeConfiguration<DocumentSketch>, IEntityTypeConfiguration<DocumentBand>, IEntityTypeConfiguration<KeptDuplicate>
{
    public void Configure(EntityTypeBuilder<DocumentSketch> builder)
    {
        builder.ToTable("DocumentSketches");
        builder.HasKey(s => s.DocumentId);
        builder.Property(s => s.Signature).HasMaxLength(1024);
        builder.HasOne<Document>().WithOne().HasForeignKey<DocumentSketch>(s => s.DocumentId).OnDelete(DeleteBehavior.Cascade);
    }

    public void Configure(EntityTypeBuilder<DocumentBand> builder)
    {
        builder.ToTable("DocumentBands");
        builder.HasKey(b => new { b.DocumentId, b.Band });
        builder.HasOne<Document>().WithMany().HasForeignKey(b => b.DocumentId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(b => new { b.TenantId, b.Band, b.Hash, b.DocumentId });
    }

    public void Configure(EntityTypeBuilder<KeptDuplicate> builder)
    {
        builder.ToTable("KeptDuplicates");
        builder.HasKey(k => new { k.DocumentId, k.OtherId });
        builder.HasOne<Document>().WithMany().HasForeignKey(k => k.DocumentId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(k => k.OtherId);
    }
}
