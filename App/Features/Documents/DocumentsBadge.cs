using BlazorAdmin.Live;
using BlazorAdmin.Security;
using BlazorAdmin.Shell;

namespace BlazorAdmin.Features.Documents;

/// <summary>How many documents are being read.</summary>
internal sealed class DocumentsBadge(DocumentLibrary documents, Topic<DocumentChanged> changes) : INavigationBadge
{
    public bool NeedsAttention => false;

    public async ValueTask<int> CountAsync(CancellationToken cancellation)
    {
        try
        {
            return await documents.InProcess(cancellation);
        }
        catch (ForbiddenException)
        {
            return 0;
        }
    }

    public IDisposable Subscribe(Action changed) => changes.Subscribe(change =>
    {
        // Progress (version 0) changes no count.
        if (change.Version > 0) changed();
    });
}
