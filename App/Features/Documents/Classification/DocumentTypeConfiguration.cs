using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlazorAdmin.Features.Documents.Classification;

public sealed class DocumentTypeConfiguration : IEntityTypeConfiguration<DocumentType>
{
    public void Configure(EntityTypeBuilder<DocumentType> builder)
    {
        builder.ToTable("DocumentTypes");
        builder.Property(t => t.Id).ValueGeneratedNever();
        builder.Property(t => t.Name).HasMaxLength(DocumentType.NameLength);
        builder.Property(t => t.NormalizedName).HasMaxLength(DocumentType.NameLength);
        builder.Property(t => t.Description).HasMaxLength(500);
        builder.HasIndex(t => new { t.TenantId, t.NormalizedName }).IsUnique();
    }
}
