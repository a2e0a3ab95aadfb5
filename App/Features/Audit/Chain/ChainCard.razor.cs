using System.Globalization;
using BlazorAdmin.Live;
using BlazorAdmin.Security;
using BlazorAdmin.Shell;
using BlazorAdmin.Shell.Controls;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;

namespace BlazorAdmin.Features.Audit.Chain;

/// <summary>How far the audit is sealed, what the last verification found, and the button that starts one.</summary>
public sealed partial class ChainCard : LiveComponent
{
    private const int MostShown = 20;

    private ChainStatus? _status;
    private ViewState _state = ViewState.Loading;
    private string? _reference;
    private double? _percent;
    private bool _busy;
    private bool _asked;

    [Inject] private AuditChain Chain { get; init; } = null!;

    [Inject] private Topic<AuditChainChanged> Changes { get; init; } = null!;

    [Inject] private AuditSignal Written { get; init; } = null!;

    [Inject] private Display Display { get; init; } = null!;

    [Inject] private Toasts Toasts { get; init; } = null!;

    [Inject] private ILogger<ChainCard> Log { get; init; } = null!;

    [Inject] private IStringLocalizer<AuditTexts> T { get; init; } = null!;

    protected override Task OnInitializedAsync() => LoadAsync();

    protected override void Subscribe()
    {
        Watch(Changes, changed =>
        {
            _percent = changed.Percent;
            return true;
        });
        Keep(Written.Subscribe(RequestRefresh));
    }

    protected override async Task RefreshAsync(CancellationToken cancellation)
    {
        var before = _status?.Last?.FinishedAt;
        _status = await Chain.StatusAsync(cancellation);
        _state = ViewState.Ready;
        // The job has begun, or is over already.
        if (_status.Running is not null || _status.Last?.FinishedAt != before) _asked = false;
    }

    private async Task LoadAsync()
    {
        try
        {
            await RefreshAsync(Ended);
        }
        catch (OperationCanceledException) when (Ended.IsCancellationRequested)
        {
            return; // the page is gone
        }
        catch (ForbiddenException)
        {
            _state = ViewState.Forbidden;
        }
        catch (Exception exception)
        {
            (_state, _reference) = (ViewState.Failed, ErrorReference.New());
            AuditChainLog.ShowFailed(Log, exception, _reference);
        }
    }

    private async Task VerifyAsync()
    {
        _busy = true;
        try
        {
            await Chain.VerifyAsync(Ended);
            (_asked, _percent) = (true, null);
        }
        catch (OperationCanceledException) when (Ended.IsCancellationRequested)
        {
            return; // the page is gone
        }
        catch (ForbiddenException)
        {
            Toasts.Failed(T["VerifyForbidden"]);
        }
        catch (Exception exception)
        {
            var reference = ErrorReference.New();
            AuditChainLog.VerifyFailed(Log, exception, reference);
            Toasts.Failed(T["VerifyFailed", reference]);
        }
        finally
        {
            _busy = false;
        }
    }

    private string Text(ChainProblem problem)
    {
        var first = problem.Sequence.ToString("N0", CultureInfo.CurrentCulture);
        var rows = problem switch
        {
            { Count: > 1 } => T["ManyRows", first, (problem.Sequence + problem.Count - 1).ToString("N0", CultureInfo.CurrentCulture)],
            { EntryId: { } id } => T["OneRowId", first, id],
            _ => T["OneRow", first],
        };
        return T[$"Problem.{problem.Kind}", rows, first];
    }
}
