using BlazorAdmin.Shell;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Jobs;

public static class JobsSetup
{
    public static Portal AddJobs(this Portal portal)
    {
        portal.Permission(JobsPermissions.Read, Roles.Operator, Roles.Auditor);
        portal.Permission(JobsPermissions.Manage, Roles.Operator);
        portal.Topic<JobChanged>("jobs");
        portal.Topic<JobsReady>("jobs.ready");
        return portal;
    }

    public static void MapJobs(this WebApplication app)
    {
    }
}
