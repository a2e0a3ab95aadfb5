using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlazorAdmin.Features.Jobs.Signals;

/// <summary>A condition that an operator should know of.</summary>
public enum SignalKind
{
    /// <summary>Jobs of a type failed several times in a row.</summary>
    Failing,

    /// <summary>A schedule has had no success for longer than usual.</summary>
    NoSuccess,

    /// <summary>Due jobs of a queue wait too long.</summary>
    Backlog,

    /// <summary>A node stopped answering without saying good-bye.</summary>
    DeadNode,

    /// <summary>A transaction has been open for so long that it slows the queue.</summary>
    HeldTransaction,

    /// <summary>A run ignores that it was told to stop.</summary>
    Stuck,

    /// <summary>Due jobs are of a type that no living node runs.</summary>
    UnknownType,
}

/// <summary>A condition that holds now, or held until <see cref="ClearedAt"/>.</summary>
public sealed class JobSignal
{
    public SignalKind Kind { get; set; }

    /// <summary>The type, schedule, queue, node or job that it is about.</summary>
    public required string Subject { get; set; }

    public Guid TenantId { get; set; }

    public DateTimeOffset RaisedAt { get; set; }

    public DateTimeOffset? ClearedAt { get; set; }

    /// <summary>The figure behind it: failures, seconds.</summary>
    public double Value { get; set; }

    public string? Detail { get; set; }
}

public sealed class JobSignalConfiguration : IEntityTypeConfiguration<JobSignal>
{
    public void Configure(EntityTypeBuilder<JobSignal> builder)
    {
        builder.ToTable("JobSignals");
        builder.HasKey(s => new { s.Kind, s.Subject });
        builder.Property(s => s.Subject).HasMaxLength(200);
        builder.Property(s => s.Detail).HasMaxLength(1000);
    }
}
