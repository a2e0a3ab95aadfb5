using BlazorAdmin.Shell;

namespace BlazorAdmin.Security;

public static class SecuritySetup
{
    public static Portal AddSecurity(this Portal portal)
    {
        portal.Topic<AccessChanged>("access");
        portal.Services.AddSingleton<PermissionCatalog>();
        portal.Services.AddSingleton<AccessRegistry>();
        portal.Services.AddScoped<CurrentCaller>();
        portal.Services.AddScoped<Guard>();
        return portal;
    }
}
