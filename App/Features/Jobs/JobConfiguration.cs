using BlazorAdmin.Data;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlazorAdmin.Features.Jobs;

public sealed class JobConfiguration : IEntityTypeConfiguration<Job>
{
    public const int ErrorLength = 4000;
    public const int MessageLength = 400;
    public const int KeyLength = 200;

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
        builder.Property(j => j.LimitKey).HasMaxLength(KeyLength);
        builder.Property(j => j.Schedule).HasMaxLength(100);
        builder.Property(j => j.Tags).HasMaxLength(400);
        builder.Property(j => j.DueAt).DefaultsToServerClock();
        builder.Ignore(j => j.CanCancel);
        builder.Ignore(j => j.CanRetry);

        // Both servers read double quotes as identifiers. The two filtered indexes hold what waits and what runs, however
        // much history there is; no column of them changes while a job runs, so that heartbeat and progress stay cheap.
        builder.HasIndex(j => new { j.Type, j.Priority, j.DueAt, j.Id }, "IX_Jobs_Ready").HasFilter("\"State\" = 'Queued' AND \"LimitKey\" IS NULL");
        builder.HasIndex(j => new { j.Type, j.LimitKey, j.Priority, j.DueAt, j.Id }, "IX_Jobs_ReadyByKey").HasFilter("\"State\" = 'Queued' AND \"LimitKey\" IS NOT NULL");
        builder.HasIndex(j => new { j.Node, j.Id }, "IX_Jobs_Running").HasFilter("\"State\" = 'Running'");
        builder.HasIndex(j => new { j.State, j.FinishedAt }, "IX_Jobs_Finished").HasFilter("\"FinishedAt\" IS NOT NULL");
        builder.HasIndex(j => new { j.TenantId, j.State, j.Id });
        builder.HasIndex(j => new { j.TenantId, j.Type, j.State, j.Id });
        builder.HasIndex(j => new { j.TenantId, j.OwnerId, j.Id }, "IX_Jobs_Owner").HasFilter("\"OwnerId\" IS NOT NULL");
        builder.HasIndex(j => new { j.Schedule, j.Id }, "IX_Jobs_Schedule").HasFilter("\"Schedule\" IS NOT NULL");
        builder.HasIndex(j => new { j.BatchId, j.Id }, "IX_Jobs_Batch").HasFilter("\"BatchId\" IS NOT NULL");
        builder.HasIndex(j => new { j.ParentId, j.Id }, "IX_Jobs_Parent").HasFilter("\"ParentId\" IS NOT NULL");
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

public sealed class WorkerNodeConfiguration : IEntityTypeConfiguration<WorkerNode>
{
    public void Configure(EntityTypeBuilder<WorkerNode> builder)
    {
        builder.ToTable("WorkerNodes");
        builder.HasKey(n => n.Name);
        builder.Property(n => n.Name).HasMaxLength(100);
    }
}
