using BlazorAdmin.Data;
using BlazorAdmin.Features.Jobs.Bulk;
using BlazorAdmin.Features.Jobs.Details;
using BlazorAdmin.Features.Jobs.Editing;
using BlazorAdmin.Features.Jobs.Operations;
using BlazorAdmin.Features.Jobs.Rules;
using BlazorAdmin.Features.Jobs.Schedules;
using BlazorAdmin.Features.Jobs.Searching;
using BlazorAdmin.Features.Jobs.Signals;
using BlazorAdmin.Features.Jobs.Statistics;
using BlazorAdmin.Security;
using BlazorAdmin.Shell;
using BlazorAdmin.Shell.Lists;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Localization;

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
        portal.Topic<JobRulesChanged>("jobs.rules");
        portal.Settings<JobsOptions>(JobsOptions.Section);
        portal.Navigation(new NavigationEntry("/admin/jobs", typeof(JobsTexts), "Jobs", NavigationGroup.Operations, "jobs", JobsPermissions.Read, 10) { Badge = typeof(JobsBadge) });
        portal.Widget(Widget("jobs.running", "WidgetRunning", "AboutRunning", typeof(JobsRunningWidget), 4, 32) with { Settings = [WidgetSetting.Number(JobsWidgetBase.Rows, "RowsShown", 1, 20, JobsWidgetBase.UsualRows)] });
        portal.Widget(Widget("jobs.failed", "WidgetFailed", "AboutFailed", typeof(JobsFailedWidget), 4, 21) with { Height = 3, Settings = [WidgetSetting.Number(JobsWidgetBase.Rows, "RowsShown", 1, 20, JobsWidgetBase.UsualRows)] });
        portal.Widget(Widget("jobs.throughput", "WidgetThroughput", "AboutThroughput", typeof(JobsThroughputWidget), 4, 40) with
        {
            Height = 3, LeastHeight = 3, Settings = [WidgetSetting.Choice(JobsThroughputWidget.Range, "RangeShown", new("30", "MinutesRange", 30), new("15", "MinutesRange", 15), new("5", "MinutesRange", 5))],
        });
        portal.Health<JobsHealthCheck>("jobs");
        portal.Search<JobsSearch>();
        AddEngine(portal.Services);
        AddTab(portal.Services);
        portal.AddSchedules();
        portal.NotificationKind<JobsTexts>("jobs.signal", "KindSignal").NotificationKind<JobsTexts>("jobs.signal_over", "KindSignalOver");
        portal.PersonalData<JobsPersonalData>();
        portal.Services.AddScoped<JobsBadge>();
        portal.Job<BulkJobs, BulkHandler>();
        portal.Job<UndoBulkJobs, BulkHandler>();
        portal.Services.AddSingleton<StatisticsCompaction>();
        portal.Job<CleanUpJobs, JobsCleanup>();
        portal.Schedule("jobs.cleanup", portal.Configuration[$"{JobsOptions.Section}:{nameof(JobsOptions.CleanupCron)}"] ?? new JobsOptions().CleanupCron, new CleanUpJobs());
        portal.AddJobOperations();
        portal.AddJobSignals();
        return portal;
    }

    public static void MapJobs(this WebApplication app)
    {
        app.MapListExport("/admin/jobs/export", "jobs", ExportColumns, new ListQuery(), (services, query, cancellation) => services.GetRequiredService<JobsService>().ExportAsync(query, cancellation))
            .RequireAuthorization(JobsPermissions.Read);
        JobLogDownload.Map(app);
        StatisticsExport.Map(app);
    }

    private static DashboardWidget Widget(string id, string titleKey, string aboutKey, Type component, int width, int order) =>
        new(id, typeof(JobsTexts), titleKey, component, JobsPermissions.Read, width, order) { DescriptionKey = aboutKey, LeastWidth = 3 };

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

    /// <summary>What people see of jobs and do to them; tests build it beside a node.</summary>
    internal static void AddTab(IServiceCollection services)
    {
        services.AddSingleton<JobFigures>();
        services.AddSingleton<JobFinder>();
        services.AddScoped<JobWords>();
        services.AddScoped<JobsService>();
        services.AddScoped<BulkService>();
        services.AddScoped<IUndoableJobs>(provider => provider.GetRequiredService<BulkService>());
        services.AddScoped<JobEditing>();
        services.AddScoped<JobKinship>();
        services.AddScoped<JobLogDownload>();
        services.AddSingleton<JobRunTimes>();
        services.AddScoped<StatisticsService>();
        services.AddScoped<JobActions>();
    }

    /// <summary>What runs jobs and schedules; tests build nodes of it.</summary>
    internal static void AddEngine(IServiceCollection services)
    {
        services.AddSingleton<IInterceptor, JobWakeUp>();
        services.AddSingleton<IInterceptor, JobInsertPreparation>();
        services.AddSingleton<IJobSql>(provider =>
            provider.GetRequiredService<IDatabaseDialect>().Provider == DatabaseProvider.Postgres ? new PostgresJobSql() : new SqlServerJobSql());
        services.AddSingleton<IJobBulkInsert>(provider =>
            provider.GetRequiredService<IDatabaseDialect>().Provider == DatabaseProvider.Postgres ? new PostgresJobBulkInsert() : new SqlServerJobBulkInsert());
        services.AddSingleton<JobQueue>();
        services.AddSingleton<JobTypes>();
        services.AddSingleton<NodeTypes>();
        services.AddSingleton<JobRules>();
        services.AddSingleton<JobChanger>();
        services.AddSingleton<RunningJobs>();
        services.AddSingleton<JobStatisticsWriter>();
        services.AddHostedService(provider => provider.GetRequiredService<JobStatisticsWriter>());
        services.AddSingleton<JobAcknowledger>();
        services.AddSingleton<JobReporter>();
        services.AddSingleton<JobHeartbeat>();
        services.AddSingleton<JobExecutor>();
        services.AddSingleton<JobRunner>();
        services.AddHostedService(provider => provider.GetRequiredService<JobRunner>());
        SchedulesSetup.AddEngine(services);
    }
}
