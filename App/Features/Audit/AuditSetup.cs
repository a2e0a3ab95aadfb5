using BlazorAdmin.Shell;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Audit;

public static class AuditSetup
{
    public static Portal AddAudit(this Portal portal)
    {
        portal.Permission(AuditPermissions.Read, Roles.Auditor);
        return portal;
    }

    public static void MapAudit(this WebApplication app)
    {
    }
}
