using BlazorAdmin.Shell;

namespace BlazorAdmin.Features.Settings;

public static class SettingsSetup
{
    public static Portal AddSettings(this Portal portal)
    {

        return portal;
    }
}
