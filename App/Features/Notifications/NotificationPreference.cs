using BlazorAdmin.Features.Users;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlazorAdmin.Features.Notifications;

public enum NotificationMail
{
    Never,

    /// <summary>As soon as it comes, outside quiet hours.</summary>
    AtOnce,

    /// <summary>With others in the person's daily mail.</summary>
    Digest,
}

/// <summary>How somebody wants to hear of one kind of notification; without a row the kind's own default holds.</summary>
public sealed class NotificationPreference
{
    public Guid UserId { get; set; }

    /// <summary>The kind, for instance <c>jobs.failed</c>.</summary>
    public required string Kind { get; set; }

    /// <summary>False: it goes straight to the read ones and rings no bell.</summary>
    public bool InApp { get; set; }

    public NotificationMail Mail { get; set; }
}

/// <summary>When somebody wants to be left alone, and when their daily mail goes.</summary>
public sealed class NotificationHours
{
    public Guid UserId { get; set; }

    /// <summary>Begin of quiet hours as minutes after midnight in the person's time zone; null: none.</summary>
    public int? QuietFrom { get; set; }

    /// <summary>End of quiet hours, likewise; may lie on the next day.</summary>
    public int? QuietUntil { get; set; }

    /// <summary>When the daily mail goes, likewise.</summary>
    public int DigestAt { get; set; }

    /// <summary>Everything up to here has been mailed or needed no mail.</summary>
    public DateTimeOffset MailedUntil { get; set; }
}

public sealed class NotificationPreferenceConfiguration : IEntityTypeConfiguration<NotificationPreference>
{
    public void Configure(EntityTypeBuilder<NotificationPreference> builder)
    {
        builder.ToTable("NotificationPreferences");
        builder.HasKey(p => new { p.UserId, p.Kind });
        builder.Property(p => p.Kind).HasMaxLength(100).IsUnicode(false);
        builder.HasOne<User>().WithMany().HasForeignKey(p => p.UserId).OnDelete(DeleteBehavior.Cascade);
    }
}

public sealed class NotificationHoursConfiguration : IEntityTypeConfiguration<NotificationHours>
{
    public void Configure(EntityTypeBuilder<NotificationHours> builder)
    {
        builder.ToTable("NotificationHours");
        builder.HasKey(h => h.UserId);
        builder.HasOne<User>().WithOne().HasForeignKey<NotificationHours>(h => h.UserId).OnDelete(DeleteBehavior.Cascade);
    }
}
