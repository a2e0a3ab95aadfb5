using BlazorAdmin.Security;
using BlazorAdmin.Shell;

namespace BlazorAdmin.Features.Settings;

public static class SettingsSetup
{
    public static Portal AddSettings(this Portal portal)
    {
        portal
            .Permission(SettingsPermissions.Read, Roles.Auditor)
            .Permission(SettingsPermissions.Manage)
            .Topic<SettingsChanged>("settings")
            .Health<SettingsHealthCheck>("settings");
        portal.Services.AddSingleton<DatabaseSettingsLoader>();
        portal.Services.AddHostedService(services => services.GetRequiredService<DatabaseSettingsLoader>());
        portal.Services.AddScoped<SettingsService>();
        return portal;
    }
}
