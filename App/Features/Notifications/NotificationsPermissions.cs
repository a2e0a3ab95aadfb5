namespace BlazorAdmin.Features.Notifications;

public static class NotificationsPermissions
{
    /// <summary>Writing to a person, a role or everybody.</summary>
    public const string Send = "messages.send";
}
