using BlazorAdmin.Data;
using BlazorAdmin.Security;
using BlazorAdmin.Shell;
using BlazorAdmin.Shell.Lists;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Localization;
using Quartz;

namespace BlazorAdmin.Features.Jobs;

public static class JobsSetup
{
    public static Portal AddJobs(this Portal portal)
    {
        portal.Permission(JobsPermissions.Read, Roles.Operator, Roles.Auditor);
        portal.Permission(JobsPermissions.Manage, Roles.Operator);
        portal.Topic<JobChanged>("jobs");
        portal.Topic<JobsReady>("jobs.ready");
        portal.Topic<JobCancelRequested>("jobs.cancel");
        portal.Settings<JobsOptions>(JobsOptions.Section);
        portal.Navigation(new NavigationEntry("/admin/jobs", typeof(JobsTexts), "Jobs", NavigationGroup.Operations, "jobs", JobsPermissions.Read, 10) { Badge = typeof(JobsBadge) });
        portal.Widget(Widget("jobs.running", "WidgetRunning", typeof(JobsRunningWidget), 4, 32));
        portal.Widget(Widget("jobs.failed", "WidgetFailed", typeof(JobsFailedWidget), 4, 21));
        portal.Widget(Widget("jobs.throughput", "WidgetThroughput", typeof(JobsThroughputWidget), 4, 40));
        portal.Health<JobsHealthCheck>("jobs");
        portal.Search<JobsSearch>();
        AddEngine(portal.Services);
        portal.Services.AddSingleton<JobFigures>();
        portal.Services.AddScoped<JobsService>();
        portal.Services.AddScoped<JobWords>();
        portal.Services.AddScoped<JobsBadge>();
        portal.Services.AddScoped<JobActions>();
        portal.Job<CleanUpJobs, JobsCleanup>();
        portal.Schedule("jobs.cleanup", portal.Configuration[$"{JobsOptions.Section}:{nameof(JobsOptions.CleanupCron)}"] ?? new JobsOptions().CleanupCron, new CleanUpJobs());
        return portal;
    }

    public static void MapJobs(this WebApplication app) =>
        app.MapListExport("/admin/jobs/export", "jobs", ExportColumns, new ListQuery(), (services, query, cancellation) => services.GetRequiredService<JobsService>().ExportAsync(query, cancellation))
            .RequireAuthorization(JobsPermissions.Read);

    private static DashboardWidget Widget(string id, string titleKey, Type component, int width, int order) =>
        new(id, typeof(JobsTexts), titleKey, component, JobsPermissions.Read, width, order);

    private static IReadOnlyList<ExportColumn<JobItem>> ExportColumns(IServiceProvider services)
    {
        var texts = services.GetRequiredService<IStringLocalizer<JobsTexts>>();
        return
        [
            new("id", texts["ColumnJob"], job => job.Id),
            new("type", texts["Type"], job => job.Type),
            new("state", texts["State"], job => job.State),
            new("subject", texts["Subject"], job => job.Subject),
            new("priority", texts["Priority"], job => job.Priority),
            new("attempts", texts["Attempts"], job => job.Attempts),
            new("created", texts["Created"], job => job.CreatedAt),
            new("started", texts["Started"], job => job.StartedAt),
            new("finished", texts["Finished"], job => job.FinishedAt),
            new("worker", texts["Worker"], job => job.Node),
            new("progress", texts["Progress"], job => job.ProgressMessage),
            new("error", texts["Error"], job => job.Error),
        ];
    }

    /// <summary>What runs jobs and schedules; tests build nodes of it.</summary>
    internal static void AddEngine(IServiceCollection services)
    {
        services.AddSingleton<IInterceptor, JobWakeUp>();
        services.AddSingleton<IJobSql>(provider =>
            provider.GetRequiredService<IDatabaseDialect>().Provider == DatabaseProvider.Postgres ? new PostgresJobSql() : new SqlServerJobSql());
        services.AddSingleton<JobTypes>();
        services.AddSingleton<RunningJobs>();
        services.AddSingleton<JobCancellation>();
        services.AddSingleton<JobAcknowledger>();
        services.AddSingleton<JobReporter>();
        services.AddSingleton<JobHeartbeat>();
        services.AddSingleton<JobExecutor>();
        services.AddSingleton<JobRunner>();
        services.AddHostedService(provider => provider.GetRequiredService<JobRunner>());
        services.AddSingleton<ScheduleRegistry>();
        services.AddSingleton<ScheduleTicks>();
        services.AddQuartz();
        services.AddHostedService<ScheduleClock>();
    }
}
