using BlazorAdmin.Shell;

namespace BlazorAdmin.Features.Documents;

public static class DocumentsSetup
{
    public static Portal AddDocuments(this Portal portal)
    {

        return portal;
    }

    public static void MapDocuments(this WebApplication app)
    {
    }
}
