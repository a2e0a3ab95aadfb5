namespace BlazorAdmin.Features.Notifications;

/// <summary>A notification as its reader sees it, in their language.</summary>
/// <param name="Sender">Name of the person who wrote it; null if the portal did.</param>
public sealed record NotificationItem(long Id, string Kind, NotificationLevel Level, string Title, string? Body, string? Url, string? Sender, bool ToAll, string? Role, DateTimeOffset At, bool IsRead);
