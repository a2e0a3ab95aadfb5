using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlazorAdmin.Features.Audit;

/// <summary>A piece of the chain that retention took away; what is left begins at its last hash. Append-only.</summary>
public sealed class AuditCut
{
    public long Id { get; set; }

    public DateTimeOffset At { get; set; }

    /// <summary>Everything up to this place of the chain is gone.</summary>
    public long LastSequence { get; set; }

    /// <summary>Hash of the row at <see cref="LastSequence"/>; the first row that is left names it as its previous one.</summary>
    public required byte[] LastHash { get; set; }

    /// <summary>Rows taken away by this cut.</summary>
    public long Rows { get; set; }

    /// <summary>HMAC-SHA-256 over the other columns with a key that the database does not hold.</summary>
    public required byte[] Signature { get; set; }
}

public sealed class AuditCutConfiguration : IEntityTypeConfiguration<AuditCut>
{
    public void Configure(EntityTypeBuilder<AuditCut> builder)
    {
        builder.ToTable("AuditCuts", table => table.HasTrigger("AuditCuts_Rows"));
        builder.Property(c => c.LastHash).HasMaxLength(32);
        builder.Property(c => c.Signature).HasMaxLength(32);
        builder.HasIndex(c => c.LastSequence).IsUnique();
    }
}
