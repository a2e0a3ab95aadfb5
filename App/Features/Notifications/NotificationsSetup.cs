using BlazorAdmin.Security;
using BlazorAdmin.Shell;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace BlazorAdmin.Features.Notifications;

public static class NotificationsSetup
{
    public static Portal AddNotifications(this Portal portal)
    {
        portal
            .Permission(NotificationsPermissions.Send, Roles.Operator)
            .Topic<NotificationsChanged>("notifications")
            .Settings<NotificationsOptions>("Notifications")
            .Navigation(new NavigationEntry("/notifications", typeof(NotificationsTexts), "Notifications", NavigationGroup.None, "bell", null, 90))
            .Widget(new DashboardWidget("notifications.mine", typeof(NotificationsTexts), "MyNotifications", typeof(NotificationsWidget), null, 4, 31)
            {
                DescriptionKey = "AboutMine", Height = 4, LeastWidth = 3, Settings = [WidgetSetting.Number(NotificationsWidget.Rows, "RowsShown", 1, 20, NotificationsWidget.UsualRows)],
            });
        portal.Services.AddSingleton<IInterceptor, NotificationInterceptor>();
        portal.Services.AddSingleton(new TopBarItem(typeof(NotificationBell), 10));
        portal.PersonalData<NotificationsPersonalData>();
        portal.Services.AddScoped<Notifications>();
        portal.Services.AddHostedService<NotificationCleanUp>();
        portal.NotificationKind<NotificationsTexts>("messages.sent", "KindMessages");
        portal.Services.AddScoped<NotificationChoices>();
        portal.Services.AddSingleton<NotificationMailer>();
        portal.Services.AddHostedService(services => services.GetRequiredService<NotificationMailer>());
        return portal;
    }
}
