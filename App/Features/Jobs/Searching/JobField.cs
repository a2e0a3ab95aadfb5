using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlazorAdmin.Features.Jobs.Searching;

/// <summary>One word that a job is found by: an argument that its type declares searchable, a tag, a word of its subject.</summary>
public sealed class JobField
{
    public const string Tag = "tag";
    public const string Subject = "subject";

    public Guid TenantId { get; set; }

    /// <summary>The argument's name as in its JSON, <see cref="Tag"/> or <see cref="Subject"/>.</summary>
    public required string Name { get; set; }

    /// <summary>In lower case.</summary>
    public required string Value { get; set; }

    public long JobId { get; set; }
}

public sealed class JobFieldConfiguration : IEntityTypeConfiguration<JobField>
{
    public const int ValueLength = 100;

    public void Configure(EntityTypeBuilder<JobField> builder)
    {
        builder.ToTable("JobFields");
        builder.HasKey(f => new { f.TenantId, f.Name, f.Value, f.JobId });
        builder.Property(f => f.Name).HasMaxLength(60);
        builder.Property(f => f.Value).HasMaxLength(ValueLength);
        // Its id is known only once the job is saved: the relation carries it over within one save.
        builder.HasOne<Job>().WithMany().HasForeignKey(f => f.JobId).OnDelete(DeleteBehavior.Cascade);
    }
}
