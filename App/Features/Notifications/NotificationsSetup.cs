using BlazorAdmin.Shell;

namespace BlazorAdmin.Features.Notifications;

public static class NotificationsSetup
{
    public static Portal AddNotifications(this Portal portal)
    {

        return portal;
    }
}
