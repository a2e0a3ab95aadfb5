using BlazorAdmin.Features.Documents.Classification;
using BlazorAdmin.Features.Documents.Collections;
using BlazorAdmin.Features.Users;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlazorAdmin.Features.Documents;

public sealed class DocumentConfiguration : IEntityTypeConfiguration<Document>
{
    public void Configure(EntityTypeBuilder<Document> builder)
    {
        builder.ToTable("Documents");
        builder.Property(d => d.Id).ValueGeneratedNever();
        builder.Property(d => d.Node).HasMaxLength(100);
        builder.Property(d => d.Name).HasMaxLength(Document.NameLength);
        builder.Property(d => d.Sha256).HasMaxLength(64).IsUnicode(false);
        builder.Property(d => d.ReasonKey).HasMaxLength(64);
        builder.Property(d => d.ReasonArguments).HasMaxLength(1000);
        builder.Property(d => d.ProgressKey).HasMaxLength(64);
        builder.Property(d => d.ProgressArguments).HasMaxLength(400);
        builder.HasOne<User>().WithMany().HasForeignKey(d => d.OwnerId).OnDelete(DeleteBehavior.Restrict);
        builder.HasIndex(d => new { d.TenantId, d.CreatedAt, d.Id });
        builder.HasIndex(d => new { d.TenantId, d.OwnerId, d.CreatedAt, d.Id });
        builder.HasIndex(d => new { d.TenantId, d.Name, d.Id });
        builder.HasIndex(d => new { d.TenantId, d.Size, d.Id });
        builder.HasIndex(d => new { d.TenantId, d.State, d.CreatedAt });
        builder.Property(d => d.OriginPath).HasMaxLength(500);
        builder.Property(d => d.QualityReasons).HasMaxLength(2000);
        builder.Property(d => d.SearchableSha256).HasMaxLength(64).IsUnicode(false);
        builder.HasOne<Collection>().WithMany().HasForeignKey(d => d.CollectionId).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<DocumentType>().WithMany().HasForeignKey(d => d.TypeId).OnDelete(DeleteBehavior.Restrict);
        builder.HasIndex(d => new { d.TenantId, d.CollectionId, d.CreatedAt, d.Id });
        builder.HasIndex(d => new { d.TenantId, d.TypeId, d.CreatedAt, d.Id });
        builder.HasIndex(d => new { d.TenantId, d.SuggestedTypeId, d.SuggestedConfidence });
        builder.HasIndex(d => new { d.TenantId, d.Quality, d.Id });
        builder.HasIndex(d => new { d.TenantId, d.Type, d.CreatedAt, d.Id });
        builder.HasIndex(d => new { d.TenantId, d.Origin, d.CreatedAt, d.Id });
        builder.HasIndex(d => new { d.TenantId, d.CreatedAt, d.Id }, "IX_Documents_Findings").HasFilter("\"Findings\" > 0");
        // Counted without reading the documents themselves.
        builder.HasIndex(d => new { d.TenantId, d.TypeId, d.IsLatest, d.State }, "IX_Documents_Labelled").HasFilter("\"TypeSource\" = 'Person' AND \"DeletedAt\" IS NULL");
        builder.HasIndex(d => new { d.TenantId, d.SuggestedConfidence, d.Id }, "IX_Documents_Unsure").HasFilter("\"TypeId\" IS NULL AND \"TypeSource\" IS NULL AND \"SuggestedTypeId\" IS NOT NULL");
        builder.HasIndex(d => new { d.TenantId, d.DeletedAt, d.Id });
        builder.HasIndex(d => new { d.ParentId, d.ParentPart });
        builder.HasIndex(d => new { d.SeriesId, d.Edition });
        builder.HasIndex(d => d.KeepUntil);
        builder.HasIndex(d => d.SearchableSha256);
        builder.HasIndex(d => d.Sha256);
        builder.HasIndex(d => d.JobId);
    }
}
