using BlazorAdmin.Shell;

namespace BlazorAdmin.Live;

public static class LiveSetup
{
    public static Portal AddLive(this Portal portal)
    {
        portal.Services.AddScoped<PageVisibility>();
        return portal;
    }
}
