using BlazorAdmin.Data;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Features.Jobs.Bulk;
using BlazorAdmin.Features.Jobs.Rules;
using BlazorAdmin.Live;
using BlazorAdmin.Security;
using BlazorAdmin.Shell;
using BlazorAdmin.Tests.Features.Jobs.Signals;
using BlazorAdmin.Tests.Shell;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAdmin.Tests.Features.Jobs;

internal static class JobsTabContext
{
    /// <summary>What the components of the Jobs tab need, beside <paramref name="node"/>.</summary>
    public static void AddJobsTab(this ShellContext context, TestNode node)
    {
        var services = context.Services;
        services.AddSingleton(node.Databases);
        services.AddSingleton(node.Get<Topic<JobChanged>>()).AddSingleton(node.Get<Topic<JobsReady>>()).AddSingleton(node.Get<Topic<JobCancelRequested>>());
        services.AddSingleton(node.Get<AccessRegistry>()).AddSingleton(node.Get<JobTypes>()).AddSingleton(node.Get<NodeTypes>());
        JobsSetup.AddTab(services);
        services.AddSingleton(node.Get<JobRules>()).AddSingleton(node.Get<JobChanger>()).AddSignalList();
        services.AddScoped<CurrentCaller>().AddScoped<Guard>().AddScoped<PageVisibility>().AddScoped<CurrentPage>();
        services.AddSingleton(new NavigationEntry("/admin/jobs", typeof(JobsTexts), "Jobs", NavigationGroup.Operations, "jobs", JobsPermissions.Read, 10));
        services.AddSingleton(node.Get<IDatabaseDialect>());
        services.AddScoped<BlazorAdmin.Shell.Lists.Views.SavedViews>();
    }
}
