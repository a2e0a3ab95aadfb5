using BlazorAdmin.Data;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlazorAdmin.Features.Jobs;

public sealed class JobConfiguration : IEntityTypeConfiguration<Job>
{
    public const int ErrorLength = 4000;
    public const int MessageLength = 400;

    public void Configure(EntityTypeBuilder<Job> builder)
    {
        builder.ToTable("Jobs");
        builder.Property(j => j.Type).HasMaxLength(100);
        builder.Property(j => j.Queue).HasMaxLength(100);
        builder.Property(j => j.Subject).HasMaxLength(MessageLength);
        builder.Property(j => j.SubjectUrl).HasMaxLength(400);
        builder.Property(j => j.IdempotencyKey).HasMaxLength(200);
        builder.Property(j => j.ProgressMessage).HasMaxLength(MessageLength);
        builder.Property(j => j.Error).HasMaxLength(ErrorLength);
        builder.Property(j => j.Node).HasMaxLength(100);
        builder.Property(j => j.DueAt).DefaultsToServerClock();
        builder.Ignore(j => j.CanCancel);
        builder.Ignore(j => j.CanRetry);

        // Both servers read double quotes as identifiers. The two filtered indexes hold what waits and what runs, however
        // much history there is; no column of them changes while a job runs, so that heartbeat and progress stay cheap.
        builder.HasIndex(j => new { j.Priority, j.DueAt, j.Id, j.Type }, "IX_Jobs_Ready").IsDescending(true, false, false, false).HasFilter("\"State\" = 'Queued'");
        builder.HasIndex(j => new { j.Node, j.Id }, "IX_Jobs_Running").HasFilter("\"State\" = 'Running'");
        builder.HasIndex(j => new { j.State, j.FinishedAt }, "IX_Jobs_Finished").HasFilter("\"FinishedAt\" IS NOT NULL");
        builder.HasIndex(j => new { j.TenantId, j.State, j.Id });
        builder.HasIndex(j => new { j.TenantId, j.Type, j.Id });
    }
}

// No foreign keys to Jobs: they would lock the job's row once more for every attempt and line. Only finished jobs are
// deleted, together with these rows, and every write checks the token of a running one.
public sealed class JobAttemptConfiguration : IEntityTypeConfiguration<JobAttempt>
{
    public void Configure(EntityTypeBuilder<JobAttempt> builder)
    {
        builder.ToTable("JobAttempts");
        builder.HasKey(a => new { a.JobId, a.Token });
        builder.Property(a => a.Node).HasMaxLength(100);
        builder.Property(a => a.Error).HasMaxLength(JobConfiguration.ErrorLength);
    }
}

public sealed class JobLogLineConfiguration : IEntityTypeConfiguration<JobLogLine>
{
    public void Configure(EntityTypeBuilder<JobLogLine> builder)
    {
        builder.ToTable("JobLogLines");
        builder.Property(l => l.Message).HasMaxLength(JobConfiguration.ErrorLength);
        builder.HasIndex(l => new { l.JobId, l.Id });
    }
}

public sealed class JobTickConfiguration : IEntityTypeConfiguration<JobTick>
{
    public void Configure(EntityTypeBuilder<JobTick> builder)
    {
        builder.ToTable("JobTicks");
        builder.HasKey(t => new { t.Schedule, t.DueAt });
        builder.Property(t => t.Schedule).HasMaxLength(100);
        builder.Property(t => t.Node).HasMaxLength(100);
        builder.HasIndex(t => t.DueAt);
    }
}

public sealed class WorkerNodeConfiguration : IEntityTypeConfiguration<WorkerNode>
{
    public void Configure(EntityTypeBuilder<WorkerNode> builder)
    {
        builder.ToTable("WorkerNodes");
        builder.HasKey(n => n.Name);
        builder.Property(n => n.Name).HasMaxLength(100);
    }
}
