using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlazorAdmin.Features.Documents.Extraction;

public sealed class ExtractionConfiguration : IEntityTypeConfiguration<EntityMention>, IEntityTypeConfiguration<DocumentField>,
    IEntityTypeConfiguration<ExtractionRule>, IEntityTypeConfiguration<PageCorrection>, IEntityTypeConfiguration<ExtractionReport>
{
    public void Configure(EntityTypeBuilder<EntityMention> builder)
    {
        builder.ToTable("EntityMentions");
        builder.Property(m => m.Id).ValueGeneratedNever();
        builder.Property(m => m.Kind).HasMaxLength(EntityMention.KindLength);
        builder.Property(m => m.Text).HasMaxLength(DocumentField.ValueLength);
        builder.Property(m => m.Value).HasMaxLength(DocumentField.ValueLength);
        builder.HasOne<Document>().WithMany().HasForeignKey(m => m.DocumentId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(m => new { m.DocumentId, m.Page, m.Start });
        builder.HasIndex(m => new { m.TenantId, m.Kind, m.Value });
    }

    public void Configure(EntityTypeBuilder<DocumentField> builder)
    {
        builder.ToTable("DocumentFields");
        builder.HasKey(f => new { f.DocumentId, f.Name });
        builder.Property(f => f.Name).HasMaxLength(DocumentField.NameLength);
        builder.Property(f => f.Value).HasMaxLength(DocumentField.ValueLength);
        builder.Property(f => f.Extracted).HasMaxLength(DocumentField.ValueLength);
        builder.HasOne<Document>().WithMany().HasForeignKey(f => f.DocumentId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(f => new { f.TenantId, f.Name, f.Value });
    }

    public void Configure(EntityTypeBuilder<ExtractionRule> builder)
    {
        builder.ToTable("ExtractionRules");
        builder.Property(r => r.Id).ValueGeneratedNever();
        builder.Property(r => r.Name).HasMaxLength(EntityMention.KindLength);
        builder.Property(r => r.NormalizedName).HasMaxLength(EntityMention.KindLength);
        builder.HasIndex(r => new { r.TenantId, r.NormalizedName }).IsUnique();
    }

    public void Configure(EntityTypeBuilder<PageCorrection> builder)
    {
        builder.ToTable("PageCorrections");
        builder.HasKey(c => new { c.DocumentId, c.Page });
        builder.HasOne<Document>().WithMany().HasForeignKey(c => c.DocumentId).OnDelete(DeleteBehavior.Cascade);
    }

    public void Configure(EntityTypeBuilder<ExtractionReport> builder)
    {
        builder.ToTable("ExtractionReports");
        builder.Property(r => r.Id).ValueGeneratedNever();
        builder.HasIndex(r => new { r.TenantId, r.CreatedAt });
    }
}
