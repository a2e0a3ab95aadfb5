using BlazorAdmin.Security;
using BlazorAdmin.Shell.Controls;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace BlazorAdmin.Shell;

/// <summary>Stands around each page body: a failure shows a sentence and the reference number of its log line, a refusal says what is missing. The frame stays usable.</summary>
public sealed class PageBoundary : ErrorBoundaryBase
{
    private string _reference = "";

    [Inject] private ILogger<PageBoundary> Log { get; init; } = null!;

    [Inject] private NavigationManager Navigation { get; init; } = null!;

    protected override Task OnErrorAsync(Exception exception)
    {
        if (exception is ForbiddenException) return Task.CompletedTask;
        _reference = ErrorReference.New();
        ShellLog.PageFailed(Log, exception, Navigation.ToBaseRelativePath(Navigation.Uri).Split('?')[0], _reference);
        return Task.CompletedTask;
    }

    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        switch (CurrentException)
        {
            case null:
                builder.AddContent(0, ChildContent);
                break;
            case ForbiddenException refused:
                builder.OpenComponent<ForbiddenState>(1);
                builder.AddComponentParameter(5, nameof(ForbiddenState.Reason), (refused as ReadOnlyException)?.Reason);
                builder.CloseComponent();
                break;
            default:
                builder.OpenComponent<FailedPage>(2);
                builder.AddComponentParameter(3, nameof(FailedPage.Reference), _reference);
                builder.AddComponentParameter(4, nameof(FailedPage.OnRetry), EventCallback.Factory.Create(this, Recover));
                builder.CloseComponent();
                break;
        }
    }
}
