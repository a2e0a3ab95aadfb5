using BlazorAdmin.Shell;

namespace BlazorAdmin.Features.Dashboard;

public static class DashboardSetup
{
    public static Portal AddDashboard(this Portal portal)
    {

        return portal;
    }
}
