using BlazorAdmin.Shell;

namespace BlazorAdmin.Features.Jobs.Operations;

public static class OperationsSetup
{
    public static Portal AddJobOperations(this Portal portal)
    {
        portal.Topic<WorkersChanged>("jobs.workers");
        portal.Action(new PaletteAction(typeof(OperationsTexts), "OpenQueues", "pause", JobsPermissions.Read, "/admin/jobs/queues"));
        portal.Action(new PaletteAction(typeof(OperationsTexts), "OpenWorkers", "server", JobsPermissions.Read, "/admin/jobs/workers"));
        portal.Services.AddSingleton<JobTraffic>();
        portal.Services.AddScoped<JobRulesService>();
        portal.Services.AddScoped<WorkersService>();
        portal.Services.AddScoped<OperationActions>();
        return portal;
    }
}
