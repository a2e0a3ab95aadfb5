using BlazorAdmin.Shell;

namespace BlazorAdmin.Shell;

public static class ShellSetup
{
    public static Portal AddShell(this Portal portal)
    {
        portal.Services.AddRazorComponents().AddInteractiveServerComponents();
        return portal;
    }

    /// <summary>The order of the middleware; every response passes it.</summary>
    public static void UsePortal(this WebApplication app)
    {
        app.UseStaticFiles();
        app.UseAntiforgery();
    }

    public static void MapShell(this WebApplication app)
    {
        app.MapStaticAssets();
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode(options => options.ContentSecurityFrameAncestorsPolicy = "'none'");
    }
}
