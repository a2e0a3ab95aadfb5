using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlazorAdmin.Live;

/// <summary>An open page of somebody, on any node. Deleted when it closes; those of dead nodes are ignored and swept.</summary>
public sealed class CircuitPresence
{
    public Guid Id { get; set; }

    public Guid TenantId { get; set; }

    public Guid UserId { get; set; }

    public Guid? SessionId { get; set; }

    /// <summary><see cref="LiveNode.Instance"/>.</summary>
    public Guid NodeInstance { get; set; }

    public DateTimeOffset ConnectedAt { get; set; }

    /// <summary>Local path without its query, which may hold what somebody looked for.</summary>
    public required string Page { get; set; }

    public DateTimeOffset PageSince { get; set; }

    /// <summary>False while the browser is out of reach and may come back.</summary>
    public bool IsConnected { get; set; }
}

/// <summary>A running process of the portal; dead if <see cref="SeenAt"/> is old.</summary>
public sealed class LiveNode
{
    /// <summary>New at every start.</summary>
    public Guid Instance { get; set; }

    public required string Name { get; set; }

    public DateTimeOffset StartedAt { get; set; }

    public DateTimeOffset SeenAt { get; set; }
}

public sealed class CircuitPresenceConfiguration : IEntityTypeConfiguration<CircuitPresence>
{
    public void Configure(EntityTypeBuilder<CircuitPresence> builder)
    {
        builder.ToTable("CircuitPresences");
        builder.Property(c => c.Id).ValueGeneratedNever();
        builder.Property(c => c.Page).HasMaxLength(300);
        builder.HasIndex(c => new { c.TenantId, c.UserId });
        builder.HasIndex(c => c.NodeInstance);
    }
}

public sealed class LiveNodeConfiguration : IEntityTypeConfiguration<LiveNode>
{
    public void Configure(EntityTypeBuilder<LiveNode> builder)
    {
        builder.ToTable("LiveNodes");
        builder.HasKey(n => n.Instance);
        builder.Property(n => n.Instance).ValueGeneratedNever();
        builder.Property(n => n.Name).HasMaxLength(100);
    }
}
