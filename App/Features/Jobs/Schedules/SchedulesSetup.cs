using BlazorAdmin.Shell;
using Quartz;

namespace BlazorAdmin.Features.Jobs.Schedules;

internal static class SchedulesSetup
{
    public static void AddSchedules(this Portal portal)
    {
        portal.Topic<ScheduleChanged>("jobs.schedules");
        portal.Navigation(new NavigationEntry("/admin/schedules", typeof(SchedulesTexts), "Schedules", NavigationGroup.Operations, "schedule", JobsPermissions.Read, 11));
        portal.Job<BackfillSchedule, ScheduleBackfill>();
        portal.Services.AddScoped<SchedulesService>();
        portal.Services.AddScoped<ScheduleCommands>();
        portal.Services.AddScoped<HolidayCalendars>();
        portal.Services.AddScoped<ScheduleActions>();
    }

    /// <summary>What fires schedules; a part of the engine.</summary>
    public static void AddEngine(IServiceCollection services)
    {
        var clock = new DatabaseClock(TimeProvider.System);
        services.AddSingleton(clock);
        services.AddSingleton<ScheduleRegistry>();
        services.AddSingleton<ScheduleBook>();
        services.AddSingleton<ScheduleTicks>();
        services.AddSingleton<ScheduleWarnings>();
        services.AddQuartz(quartz => quartz.UseTimeProvider(clock));
        services.AddSingleton<ScheduleClock>();
        services.AddHostedService(provider => provider.GetRequiredService<ScheduleClock>());
    }
}
