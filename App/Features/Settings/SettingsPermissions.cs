namespace BlazorAdmin.Features.Settings;

public static class SettingsPermissions
{
    public const string Read = "settings.read";
    public const string Manage = "settings.manage";
}
