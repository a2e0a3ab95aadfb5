using BlazorAdmin.Live;
using BlazorAdmin.Security;
using BlazorAdmin.Shell;
using BlazorAdmin.Shell.Controls;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;

namespace BlazorAdmin.Features.Monitor;

/// <summary>What the pages of the monitor that are read as tables share: their states, and that they follow the person's rights.</summary>
public abstract class MonitorViewPage : LiveComponent
{
    [Inject] protected NavigationManager Navigation { get; init; } = null!;

    [Inject] protected Display Display { get; init; } = null!;

    [Inject] protected IStringLocalizer<MonitorTexts> T { get; init; } = null!;

    [Inject] private Topic<AccessChanged> Access { get; init; } = null!;

    [Inject] private ILoggerFactory Logs { get; init; } = null!;

    protected ViewState State { get; private set; } = ViewState.Loading;

    /// <summary>Number that finds the log line of a failure.</summary>
    protected string? Reference { get; private set; }

    /// <returns>What the page shows now.</returns>
    protected abstract Task<ViewState> ReadAsync(CancellationToken cancellation);

    protected override Task OnInitializedAsync() => RefreshAsync(Ended);

    protected override void Subscribe() => Watch(Access);

    protected override async Task RefreshAsync(CancellationToken cancellation)
    {
        try
        {
            State = await ReadAsync(cancellation);
        }
        catch (ForbiddenException)
        {
            State = ViewState.Forbidden;
        }
        catch (Exception exception) when (exception is not OperationCanceledException && State != ViewState.Ready)
        {
            // A later failure leaves what is shown, and the next refresh tries again.
            (State, Reference) = (ViewState.Failed, ErrorReference.New());
            Logs.CreateLogger(GetType()).PageFailed(exception, Reference);
        }
    }

    protected Task TryAgain() => RefreshAsync(Ended);
}
