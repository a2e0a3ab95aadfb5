using System.Globalization;
using System.Text.Json;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Security;
using BlazorAdmin.Shell;

namespace BlazorAdmin.Features.Settings;

public static class SettingsSetup
{
    public const string ExportRoute = "/admin/system/export";

    private static readonly JsonSerializerOptions Readable = new(AuditExtensions.Json) { WriteIndented = true };

    public static Portal AddSettings(this Portal portal)
    {
        portal
            .Permission(SettingsPermissions.Read, Roles.Auditor)
            .Permission(SettingsPermissions.Manage)
            .Topic<SettingsChanged>("settings")
            .Navigation(new NavigationEntry(SettingsPlace.Route, typeof(SettingsTexts), "Configuration", NavigationGroup.Administration, "settings", SettingsPermissions.Read, 40) { Badge = typeof(SettingsBadge) })
            .Action(new PaletteAction(typeof(SettingsTexts), "OpenMaintenance", "lock", SettingsPermissions.Manage, SettingsPlace.Of(MaintenanceOptions.Section, null).Link))
            .Search<SettingsSearch>()
            .Health<SettingsHealthCheck>("settings");
        portal.Services.AddSingleton<DatabaseSettingsLoader>();
        portal.Services.AddHostedService(services => services.GetRequiredService<DatabaseSettingsLoader>());
        portal.Services.AddSingleton<SettingsCatalog>();
        portal.Services.AddSingleton<RoleSettings>();
        portal.Services.AddSingleton<SettingsBadge>();
        portal.Services.AddSingleton<SettingsFollower>();
        portal.Services.AddScoped<SettingsService>();
        portal.Services.AddScoped<SettingsHistory>();
        portal.Services.AddScoped<SettingsCommands>();
        portal.Services.AddScoped<MaintenanceMode>();
        return portal;
    }

    public static void MapSettings(this WebApplication app) => app.MapGet(ExportRoute, static async (SettingsService settings, TimeProvider time, CancellationToken cancellation) =>
    {
        var content = JsonSerializer.SerializeToUtf8Bytes(await settings.ExportAsync(cancellation), Readable);
        return Results.File(content, "application/json", $"settings-{time.GetUtcNow().ToString("yyyy-MM-dd-HHmm", CultureInfo.InvariantCulture)}.json");
    }).RequireAuthorization(SettingsPermissions.Read);
}
