using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlazorAdmin.Features.Jobs;

public sealed class JobConfiguration : IEntityTypeConfiguration<Job>
{
    public void Configure(EntityTypeBuilder<Job> builder)
    {
        builder.ToTable("Jobs");
        builder.Property(j => j.Type).HasMaxLength(100);
        builder.Property(j => j.Queue).HasMaxLength(100);
        builder.Property(j => j.Subject).HasMaxLength(400);
        builder.Property(j => j.SubjectUrl).HasMaxLength(400);
        builder.Property(j => j.IdempotencyKey).HasMaxLength(200);
        builder.Property(j => j.ProgressMessage).HasMaxLength(400);
        builder.Property(j => j.Node).HasMaxLength(100);
    }
}
