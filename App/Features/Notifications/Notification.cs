using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlazorAdmin.Features.Notifications;

public enum NotificationLevel
{
    Info,
    Ok,
    Warning,
    Bad,
}

/// <summary>A message in the portal: to one person, to a role, or (both null) to everybody. Kept for people who are away.</summary>
public sealed class Notification
{
    public long Id { get; set; }

    public Guid TenantId { get; set; }

    public Guid? UserId { get; set; }

    public string? Role { get; set; }

    /// <summary><c>slice.event</c>, for instance <c>documents.ready</c>.</summary>
    public required string Kind { get; set; }

    public NotificationLevel Level { get; set; }

    /// <summary>As a person wrote it, or in English where <see cref="Texts"/> has it in the reader's language.</summary>
    public required string Title { get; set; }

    public string? Body { get; set; }

    /// <summary>Marker class of the slice's texts, or null for a text of a person.</summary>
    public string? Texts { get; set; }

    public string? TitleKey { get; set; }

    public string? BodyKey { get; set; }

    /// <summary>JSON array of what stands in the texts' places.</summary>
    public string? Arguments { get; set; }

    /// <summary>Local path.</summary>
    public string? Url { get; set; }

    /// <summary>The person who wrote it; null if the portal did.</summary>
    public Guid? SenderId { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
}

/// <summary>A person has read or dismissed a notification.</summary>
public sealed class NotificationRead
{
    public long NotificationId { get; set; }

    public Guid UserId { get; set; }

    public DateTimeOffset ReadAt { get; set; }
}

public sealed class NotificationConfiguration : IEntityTypeConfiguration<Notification>
{
    public void Configure(EntityTypeBuilder<Notification> builder)
    {
        builder.ToTable("Notifications");
        builder.Property(n => n.Role).HasMaxLength(100);
        builder.Property(n => n.Kind).HasMaxLength(100);
        builder.Property(n => n.Title).HasMaxLength(300);
        builder.Property(n => n.Body).HasMaxLength(2000);
        builder.Property(n => n.Texts).HasMaxLength(200);
        builder.Property(n => n.TitleKey).HasMaxLength(100);
        builder.Property(n => n.BodyKey).HasMaxLength(100);
        builder.Property(n => n.Arguments).HasMaxLength(2000);
        builder.Property(n => n.Url).HasMaxLength(400);
        builder.HasIndex(n => new { n.TenantId, n.UserId, n.Id });
        builder.HasIndex(n => new { n.TenantId, n.Role, n.Id });
        builder.HasIndex(n => n.CreatedAt);
    }
}

public sealed class NotificationReadConfiguration : IEntityTypeConfiguration<NotificationRead>
{
    public void Configure(EntityTypeBuilder<NotificationRead> builder)
    {
        builder.ToTable("NotificationReads");
        builder.HasKey(r => new { r.UserId, r.NotificationId });
        builder.HasOne<Notification>().WithMany().HasForeignKey(r => r.NotificationId).OnDelete(DeleteBehavior.Cascade);
    }
}
