using BlazorAdmin.Live;
using BlazorAdmin.Security;
using BlazorAdmin.Shell;

namespace BlazorAdmin.Features.Documents.Classification;

/// <summary>How many documents wait for a person to say what they are.</summary>
internal sealed class UnsureBadge(DocumentTyping typing, Topic<ClassifierChanged> changes) : INavigationBadge
{
    public bool NeedsAttention => false;

    public async ValueTask<int> CountAsync(CancellationToken cancellation)
    {
        try
        {
            return await typing.CountUnsure(cancellation);
        }
        catch (ForbiddenException)
        {
            return 0;
        }
    }

    public IDisposable Subscribe(Action changed) => changes.Subscribe(_ => changed());
}
