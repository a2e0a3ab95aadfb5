using BlazorAdmin.Features.Documents.Classification;
using BlazorAdmin.Features.Documents.Extraction;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlazorAdmin.Features.Documents.Validation;

public sealed class ValidationConfiguration : IEntityTypeConfiguration<ValidationRule>, IEntityTypeConfiguration<ValidationFinding>
{
    public void Configure(EntityTypeBuilder<ValidationRule> builder)
    {
        builder.ToTable("ValidationRules");
        builder.Property(r => r.Id).ValueGeneratedNever();
        builder.Property(r => r.Name).HasMaxLength(100);
        builder.Property(r => r.NormalizedName).HasMaxLength(100);
        builder.Property(r => r.Field).HasMaxLength(DocumentField.NameLength);
        builder.Property(r => r.OtherField).HasMaxLength(DocumentField.NameLength);
        builder.Property(r => r.Message).HasMaxLength(400);
        builder.HasOne<DocumentType>().WithMany().HasForeignKey(r => r.TypeId).OnDelete(DeleteBehavior.Restrict);
        builder.HasIndex(r => new { r.TenantId, r.NormalizedName }).IsUnique();
    }

    public void Configure(EntityTypeBuilder<ValidationFinding> builder)
    {
        builder.ToTable("ValidationFindings");
        builder.HasKey(f => new { f.DocumentId, f.RuleId });
        builder.Property(f => f.ReasonKey).HasMaxLength(64);
        builder.Property(f => f.ReasonArguments).HasMaxLength(1000);
        builder.HasOne<Document>().WithMany().HasForeignKey(f => f.DocumentId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<ValidationRule>().WithMany().HasForeignKey(f => f.RuleId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(f => f.RuleId);
    }
}
