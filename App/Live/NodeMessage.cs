using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlazorAdmin.Live;

/// <summary>A batch of topic messages on its way to the other processes, where the database cannot notify. Deleted after minutes.</summary>
public sealed class NodeMessage
{
    public long Id { get; set; }

    /// <summary>Instance of the sending process.</summary>
    public Guid Sender { get; set; }

    /// <summary>A <see cref="NodeEnvelope"/>.</summary>
    public required string Payload { get; set; }

    public DateTimeOffset At { get; set; }
}

public sealed class NodeMessageConfiguration : IEntityTypeConfiguration<NodeMessage>
{
    public void Configure(EntityTypeBuilder<NodeMessage> builder)
    {
        builder.ToTable("NodeMessages");
        builder.Property(m => m.Payload).HasMaxLength(8_000).IsUnicode(false);
    }
}
