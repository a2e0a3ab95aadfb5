using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlazorAdmin.Features.Users;

/// <summary>A list of people that somebody brought in, and what became of it.</summary>
public sealed class UserImport
{
    public Guid Id { get; set; }

    public Guid TenantId { get; set; }

    public required string FileName { get; set; }

    public Guid StartedBy { get; set; }

    public DateTimeOffset StartedAt { get; set; }

    public DateTimeOffset? FinishedAt { get; set; }

    /// <summary>The rows as they were read, as JSON, sealed with the installation's key; null once they are worked off.</summary>
    public string? Rows { get; set; }

    /// <summary>What was done with each row, as JSON.</summary>
    public string? Report { get; set; }

    /// <summary>The job that works it off; null while it is only looked at.</summary>
    public long? JobId { get; set; }
}

public sealed class UserImportConfiguration : IEntityTypeConfiguration<UserImport>
{
    public void Configure(EntityTypeBuilder<UserImport> builder)
    {
        builder.ToTable("UserImports");
        builder.Property(i => i.Id).ValueGeneratedNever();
        builder.Property(i => i.FileName).HasMaxLength(260);
        builder.HasIndex(i => new { i.TenantId, i.StartedAt, i.Id });
    }
}
