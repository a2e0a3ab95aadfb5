namespace BlazorAdmin.Features.Notifications;

/// <summary>Marks the slice's texts.</summary>
public sealed class NotificationsTexts;
