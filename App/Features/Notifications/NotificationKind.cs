namespace BlazorAdmin.Features.Notifications;

/// <summary>A kind of notification that people can choose how to hear of.</summary>
/// <param name="Name">As it stands in <see cref="Notification.Kind"/>.</param>
/// <param name="Texts">Marker class of the texts with <paramref name="TitleKey"/>.</param>
/// <param name="IsSecurity">About the ways into the person's account: always shown and always mailed at once, so that a stranger cannot silence it.</param>
public sealed record NotificationKind(string Name, Type Texts, string TitleKey, bool IsSecurity = false);
