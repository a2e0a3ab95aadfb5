using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlazorAdmin.Features.Audit;

public sealed class AuditEntryConfiguration : IEntityTypeConfiguration<AuditEntry>
{
    public void Configure(EntityTypeBuilder<AuditEntry> builder)
    {
        // SQL Server returns generated keys in another way where a table has triggers; see SqlServerAuditSql.
        builder.ToTable("AuditEntries", table => table.HasTrigger("AuditEntries_Rows"));
        builder.Property(e => e.Action).HasMaxLength(100);
        builder.Property(e => e.Address).HasMaxLength(64);
        builder.Property(e => e.Node).HasMaxLength(100);
        builder.Property(e => e.SubjectType).HasMaxLength(64);
        builder.Property(e => e.SubjectId).HasMaxLength(64);
        builder.Property(e => e.SubjectName).HasMaxLength(400);
        builder.Property(e => e.PreviousHash).HasMaxLength(32);
        builder.Property(e => e.Hash).HasMaxLength(32);
        builder.HasIndex(e => new { e.TenantId, e.Id });
        builder.HasIndex(e => new { e.TenantId, e.ActorId, e.Id });
        builder.HasIndex(e => new { e.TenantId, e.Action, e.Id });
        builder.HasIndex(e => new { e.TenantId, e.Outcome, e.Id });
        builder.HasIndex(e => new { e.SubjectType, e.SubjectId, e.Id });
        builder.HasIndex(e => new { e.TenantId, e.At });
        builder.HasIndex(e => e.Sequence).IsUnique();
        builder.HasIndex(e => e.Id, "IX_AuditEntries_Unsealed").HasFilter("\"Sequence\" IS NULL");
    }
}

public sealed class AuditActorConfiguration : IEntityTypeConfiguration<AuditActor>
{
    public void Configure(EntityTypeBuilder<AuditActor> builder)
    {
        builder.ToTable("AuditActors");
        builder.Property(a => a.Id).ValueGeneratedNever();
        builder.Property(a => a.Name).HasMaxLength(200);
    }
}
