using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlazorAdmin.Features.Documents;

public sealed class DocumentStepRunConfiguration : IEntityTypeConfiguration<DocumentStepRun>
{
    public void Configure(EntityTypeBuilder<DocumentStepRun> builder)
    {
        builder.ToTable("DocumentStepRuns");
        builder.Property(s => s.Step).HasMaxLength(50).IsUnicode(false);
        builder.Property(s => s.Part).HasMaxLength(50).IsUnicode(false);
        builder.Property(s => s.Version).HasMaxLength(20).IsUnicode(false);
        builder.Property(s => s.Node).HasMaxLength(100);
        builder.HasKey(s => new { s.DocumentId, s.Revision, s.Step, s.Part });
        builder.HasOne<Document>().WithMany().HasForeignKey(s => s.DocumentId).OnDelete(DeleteBehavior.Cascade);
    }
}
