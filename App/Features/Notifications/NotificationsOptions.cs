using System.ComponentModel.DataAnnotations;

namespace BlazorAdmin.Features.Notifications;

public sealed class NotificationsOptions
{
    /// <summary>Days after which a notification is deleted, read or not.</summary>
    [Range(1, 3650)]
    public int RetentionDays { get; set; } = 90;
}
