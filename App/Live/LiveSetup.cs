using BlazorAdmin.Data;
using BlazorAdmin.Shell;

namespace BlazorAdmin.Live;

public static class LiveSetup
{
    public static Portal AddLive(this Portal portal)
    {
        portal.Services.AddScoped<PageVisibility>();
        portal.Services.AddSingleton<NodeBus>(services => services.GetRequiredService<IDatabaseDialect>().Provider == DatabaseProvider.Postgres
            ? ActivatorUtilities.CreateInstance<PostgresNodeBus>(services)
            : ActivatorUtilities.CreateInstance<OutboxNodeBus>(services));
        portal.Services.AddSingleton<INodeBus>(services => services.GetRequiredService<NodeBus>());
        portal.Services.AddHostedService(services => services.GetRequiredService<NodeBus>());
        portal.Health<LiveHealthCheck>("live");
        return portal;
    }
}
