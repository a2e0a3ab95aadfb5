using BlazorAdmin.Shell;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Monitor;

public static class MonitorSetup
{
    public static Portal AddMonitor(this Portal portal)
    {
        portal.Permission(MonitorPermissions.Read, Roles.Operator, Roles.Auditor);
        return portal;
    }
}
