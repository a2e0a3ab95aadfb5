using BlazorAdmin.Shell;

namespace BlazorAdmin.Features.Dashboard;

public static class DashboardSetup
{
    public static Portal AddDashboard(this Portal portal)
    {
        portal.Navigation(new NavigationEntry("/", typeof(DashboardTexts), "Dashboard", NavigationGroup.None, "dashboard", null, 0))
            .Widget(new DashboardWidget("dashboard.attention", typeof(DashboardTexts), "NeedsAttention", typeof(AttentionWidget), null, 12, 0));
        portal.Services.AddScoped<DashboardLayout>();
        portal.Services.AddScoped<Attention>();
        return portal;
    }
}
