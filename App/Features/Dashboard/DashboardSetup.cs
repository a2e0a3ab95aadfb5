using BlazorAdmin.Shell;

namespace BlazorAdmin.Features.Dashboard;

public static class DashboardSetup
{
    public static Portal AddDashboard(this Portal portal)
    {
        portal.Topic<DashboardChanged>("dashboards")
            .Navigation(new NavigationEntry("/", typeof(DashboardTexts), "Dashboard", NavigationGroup.None, "dashboard", null, 0))
            .Widget(new DashboardWidget("dashboard.attention", typeof(DashboardTexts), "NeedsAttention", typeof(AttentionWidget), null, 12, 0) { DescriptionKey = "AboutAttention", Height = 2, LeastWidth = 3 })
            .Widget(new DashboardWidget("dashboard.health", typeof(DashboardTexts), "ComponentHealth", typeof(HealthWidget), ShellSetup.HealthRead, 4, 33)
            {
                DescriptionKey = "AboutHealth", Height = 5, LeastWidth = 3, Settings = [WidgetSetting.Toggle(HealthWidget.OnlyProblems, "OnlyProblems")],
            });
        portal.Services.AddSingleton<ComponentHealth>();
        portal.Services.AddScoped<DashboardWidgets>();
        portal.PersonalData<DashboardPersonalData>();
        portal.Services.AddScoped<Dashboards>();
        portal.Services.AddScoped<RoleDashboards>();
        portal.Services.AddScoped<Attention>();
        return portal;
    }
}
