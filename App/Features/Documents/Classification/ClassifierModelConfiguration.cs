using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlazorAdmin.Features.Documents.Classification;

public sealed class ClassifierModelConfiguration : IEntityTypeConfiguration<ClassifierModel>
{
    public void Configure(EntityTypeBuilder<ClassifierModel> builder)
    {
        builder.ToTable("ClassifierModels");
        builder.Property(m => m.Id).ValueGeneratedNever();
        builder.Property(m => m.ReasonKey).HasMaxLength(64);
        builder.Property(m => m.ReasonArguments).HasMaxLength(1000);
        builder.Property(m => m.Sha256).HasMaxLength(64).IsUnicode(false);
        builder.HasIndex(m => new { m.TenantId, m.Number }).IsUnique();
        builder.HasIndex(m => m.Sha256);
    }
}
