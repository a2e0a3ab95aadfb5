using BlazorAdmin.Data;
using BlazorAdmin.Security;
using BlazorAdmin.Shell;
using Microsoft.EntityFrameworkCore.Diagnostics;
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
        portal.Health<JobsHealthCheck>("jobs");
        portal.Search<JobsSearch>();
        AddEngine(portal.Services);
        portal.Services.AddSingleton<JobFigures>();
        portal.Services.AddScoped<JobsService>();
        portal.Services.AddScoped<JobsBadge>();
        portal.Job<CleanUpJobs, JobsCleanup>();
        portal.Schedule("jobs.cleanup", portal.Configuration[$"{JobsOptions.Section}:{nameof(JobsOptions.CleanupCron)}"] ?? new JobsOptions().CleanupCron, new CleanUpJobs());
        return portal;
    }

    public static void MapJobs(this WebApplication app)
    {
    }

    /// <summary>What runs jobs and schedules; tests build nodes of it.</summary>
    internal static void AddEngine(IServiceCollection services)
    {
        services.AddSingleton<IInterceptor, JobWakeUp>();
        services.AddSingleton<IJobSql>(provider =>
            provider.GetRequiredService<IDatabaseDialect>().Provider == DatabaseProvider.Postgres ? new PostgresJobSql() : new SqlServerJobSql());
        services.AddSingleton<JobTypes>();
        services.AddSingleton<RunningJobs>();
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
