using BlazorAdmin.Shell;

namespace BlazorAdmin.Features.Drafts;

public static class DraftsSetup
{
    public static Portal AddDrafts(this Portal portal)
    {
        portal.Services.AddScoped<DraftStore>();
        portal.Services.AddHostedService<DraftCleanUp>();
        return portal;
    }

    public static void MapDrafts(this WebApplication app) => DraftEndpoints.Map(app);
}
