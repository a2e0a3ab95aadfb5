using BlazorAdmin.Data;
using BlazorAdmin.Shell;

namespace BlazorAdmin.Features.Jobs.Signals;

public static class SignalsSetup
{
    public static Portal AddJobSignals(this Portal portal)
    {
        portal.Topic<SignalsChanged>("jobs.signals");
        portal.Settings<SignalOptions>(SignalOptions.Section);
        portal.Widget(new DashboardWidget("jobs.signals", typeof(SignalsTexts), "Widget", typeof(SignalsWidget), JobsPermissions.Read, 4, 20) { DescriptionKey = "AboutWidget", Height = 3, LeastWidth = 3 });
        portal.Services.AddScoped<SignalsService>();
        AddSources(portal.Services);
        portal.Services.AddSingleton<SignalWatch>();
        portal.Services.AddHostedService(provider => provider.GetRequiredService<SignalWatch>());
        return portal;
    }

    /// <summary>The conditions that the engine itself knows of.</summary>
    internal static void AddSources(IServiceCollection services)
    {
        services.AddSingleton<ISignalSource, FailingSource>();
        services.AddSingleton<ISignalSource, BacklogSource>();
        services.AddSingleton<ISignalSource, DeadNodeSource>();
        services.AddSingleton<ISignalSource, StuckSource>();
        services.AddSingleton<ISignalSource, NoSuccessSource>();
        services.AddSingleton<ISignalSource, UnknownTypeSource>();
        services.AddSingleton<StrandedJobs>();
        services.AddSingleton<ISignalSource>(provider => provider.GetRequiredService<IDatabaseDialect>().Provider == DatabaseProvider.Postgres
            ? ActivatorUtilities.CreateInstance<PostgresHeldTransactions>(provider)
            : ActivatorUtilities.CreateInstance<SqlServerHeldTransactions>(provider));
    }
}
