using BlazorAdmin.Live;
using BlazorAdmin.Security;
using BlazorAdmin.Shell;
using BlazorAdmin.Shell.Controls;
using BlazorAdmin.Shell.Lists;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;

namespace BlazorAdmin.Features.Jobs.Operations;

/// <summary>What the pages that steer the engine share: they follow commands at once and figures every few seconds.</summary>
public abstract class OperationsPage : LiveComponent
{
    // Heartbeats and throughput tell nobody when they change.
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(3);

    [Inject] protected OperationActions Actions { get; init; } = null!;

    [Inject] protected NavigationManager Navigation { get; init; } = null!;

    [Inject] protected Display Display { get; init; } = null!;

    [Inject] protected IStringLocalizer<OperationsTexts> T { get; init; } = null!;

    [Inject] private Guard Guard { get; init; } = null!;

    [Inject] private Topic<AccessChanged> Access { get; init; } = null!;

    [Inject] private ILoggerFactory Logs { get; init; } = null!;

    [Inject] private TimeProvider Time { get; init; } = null!;

    protected ViewState State { get; private set; } = ViewState.Loading;

    /// <summary>Number that finds the log line of a failure.</summary>
    protected string? Reference { get; private set; }

    protected bool MayManage { get; private set; }

    protected override TimeSpan RefreshInterval => TimeSpan.FromSeconds(1);

    protected abstract Task ReadAsync(CancellationToken cancellation);

    protected override Task OnInitializedAsync() => RefreshAsync(Ended);

    protected override void Subscribe()
    {
        Watch(Access);
        Keep(Time.CreateTimer(_ => RequestRefresh(), null, Period, Period));
    }

    protected override async Task RefreshAsync(CancellationToken cancellation)
    {
        try
        {
            await ReadAsync(cancellation);
            MayManage = await Guard.Allows(JobsPermissions.Manage, cancellation);
            State = ViewState.Ready;
        }
        catch (ForbiddenException)
        {
            (State, MayManage) = (ViewState.Forbidden, false);
        }
        catch (Exception exception) when (exception is not OperationCanceledException && State != ViewState.Ready)
        {
            // A later failure leaves what is shown, and the next refresh tries again.
            (State, Reference) = (ViewState.Failed, ErrorReference.New());
            OperationsLog.ReadFailed(Logs.CreateLogger(GetType()), exception, Reference);
        }
    }

    protected Task TryAgain() => RefreshAsync(Ended);

    protected string Total(ListTotal total) => Display.Total(total.Count, total.More);

    protected string Percent(EndedJobs ended) => ended.FailureRate is { } rate ? Display.Percent(rate) : "–";
}
