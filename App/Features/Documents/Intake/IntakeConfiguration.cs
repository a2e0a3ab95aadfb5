using BlazorAdmin.Features.Users;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlazorAdmin.Features.Documents.Intake;

public sealed class IntakeConfiguration : IEntityTypeConfiguration<UploadSession>, IEntityTypeConfiguration<WatchedFile>
{
    public void Configure(EntityTypeBuilder<UploadSession> builder)
    {
        builder.ToTable("UploadSessions");
        builder.Property(s => s.Id).ValueGeneratedNever();
        builder.Property(s => s.Name).HasMaxLength(Document.NameLength);
        builder.HasOne<User>().WithMany().HasForeignKey(s => s.OwnerId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(s => new { s.OwnerId, s.TouchedAt });
        builder.HasIndex(s => s.TouchedAt);
    }

    public void Configure(EntityTypeBuilder<WatchedFile> builder)
    {
        builder.ToTable("WatchedFiles");
        builder.Property(f => f.Id).ValueGeneratedNever();
        builder.Property(f => f.Folder).HasMaxLength(100);
        builder.Property(f => f.Path).HasMaxLength(500);
        builder.Property(f => f.Sha256).HasMaxLength(64).IsUnicode(false);
        builder.Property(f => f.ReasonKey).HasMaxLength(64);
        builder.Property(f => f.ReasonArguments).HasMaxLength(1000);
        // One mark a file, whoever looks; by it a look finds the marks of the files at hand.
        builder.HasIndex(f => new { f.TenantId, f.Folder, f.Path }).IsUnique();
        builder.HasIndex(f => new { f.TenantId, f.Folder, f.State, f.SeenAt });
        builder.HasIndex(f => new { f.TenantId, f.SeenAt, f.Id });
        builder.HasIndex(f => f.DocumentId);
    }
}
