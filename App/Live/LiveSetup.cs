using BlazorAdmin.Data;
using BlazorAdmin.Security;
using BlazorAdmin.Shell;
using Microsoft.AspNetCore.Components.Server.Circuits;

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
        portal.Services.AddSingleton<PresenceTracker>();
        portal.Services.AddHostedService<PresenceService>();
        portal.Services.AddScoped<CircuitHandler, PresenceCircuitHandler>();
        portal.Services.AddScoped<Presence>();
        portal
            .Topic<PresenceChanged>("presence")
            .Permission(PresencePermissions.Read, Roles.Operator)
            .Widget(new DashboardWidget("live.presence", typeof(LiveTexts), "WhoIsHere", typeof(PresenceWidget), PresencePermissions.Read, 4, 41)
            {
                DescriptionKey = "AboutPresence", LeastWidth = 3, Settings = [WidgetSetting.Number(PresenceWidget.Rows, "RowsShown", 1, 30, PresenceWidget.UsualRows)],
            })
            .Health<LiveHealthCheck>("live");
        return portal;
    }
}
