using BlazorAdmin.Features.Settings;
using BlazorAdmin.Live;
using BlazorAdmin.Security;
using BlazorAdmin.Shell;
using BlazorAdmin.Shell.Controls;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;

namespace BlazorAdmin.Features.Mail;

/// <summary>The mail server as it is configured, with a test that shows every step.</summary>
public sealed partial class MailConnectionPage
{
    private MailConnectionView? _view;
    private ViewState _state = ViewState.Loading;
    private string? _reference;
    private Func<Task>? _stop;
    private IReadOnlyList<SmtpStep> _steps = [];
    private bool _works, _stopped;

    [Inject] private MailConnection Connection { get; init; } = null!;

    [Inject] private MailDialogs Dialogs { get; init; } = null!;

    [Inject] private Topic<MailChanged> Changes { get; init; } = null!;

    [Inject] private Topic<SettingsChanged> Settings { get; init; } = null!;

    [Inject] private Display Display { get; init; } = null!;

    [Inject] private ILogger<MailConnectionPage> Log { get; init; } = null!;

    [Inject] private IStringLocalizer<MailTexts> T { get; init; } = null!;

    protected override Task OnInitializedAsync() => RefreshAsync(Ended);

    protected override void Subscribe()
    {
        Watch(Changes);
        Watch(Settings);
    }

    protected override async Task RefreshAsync(CancellationToken cancellation)
    {
        try
        {
            _view = await Connection.ReadAsync(cancellation);
            _state = ViewState.Ready;
        }
        catch (ForbiddenException)
        {
            (_view, _state) = (null, ViewState.Forbidden);
        }
        catch (Exception exception) when (exception is not OperationCanceledException && _view is null)
        {
            (_state, _reference) = (ViewState.Failed, ErrorReference.New());
            MailLog.ReadFailed(Log, exception, _reference);
        }
    }

    private async Task TestAsync()
    {
        if (_stop is not null) return;
        (_steps, _works, _stopped) = ([], false, false);
        using var testing = CancellationTokenSource.CreateLinkedTokenSource(Ended);
        _stop = testing.CancelAsync;
        try
        {
            // Steps arrive on the renderer: nothing in the conversation leaves its context.
            await Dialogs.TryAsync(async () => _works = await Connection.TestAsync(Show, testing.Token));
        }
        catch (OperationCanceledException)
        {
            _stopped = true;
        }
        finally
        {
            _stop = null;
        }
    }

    private Task StopAsync() => _stop?.Invoke() ?? Task.CompletedTask;

    private void Show(SmtpStep step)
    {
        // The end of a step takes the place of its beginning.
        _steps = [.. _steps.Count > 0 && _steps[^1] is { Took: null } ? _steps.Take(_steps.Count - 1) : _steps, step];
        StateHasChanged();
    }

    private RenderFragment Chip(SmtpStep step) => step switch
    {
        { Failure: not null } => StateChip.Markup(Tone.Bad, T["StepFailed"]),
        { Took: not null } => StateChip.Markup(Tone.Ok, T["StepDone"]),
        _ when _stopped => StateChip.Markup(Tone.Idle, T["StepStopped"], "stop"),
        _ => StateChip.Markup(Tone.Info, T["StepRunning"]),
    };

    private string? Says(SmtpStep step) => step.Failure is { } failure ? $"{T[$"Fault{failure.Fault}"]} {failure.Detail}" : step.Answer;

    private IReadOnlyList<Fact> Facts(MailConnectionView view) =>
    [
        new(T["Host"], view.Host is null ? T["NotSet"] : $"{view.Host}:{view.Port}"),
        new(T["SecurityWord"], T[$"Security{view.Security}"]),
        new(T["User"], view.UserName is not { Length: > 0 } user ? T["NoUser"] : view.HasPassword ? user : T["NoPassword", user]),
        new(T["Sender"], view.From is null ? T["NotSet"] : $"{view.FromName} <{view.From}>"),
        new(T["LinkAddress"], view.PublicUrl ?? T["NotSet"]),
        new(T["Limits"], T["LimitsText", view.ConnectSeconds, view.AnswerSeconds, view.DataSeconds]),
        new(T["Rate"], Value: RateLink),
        new(T["Waiting"], Display.Number(view.Waiting)),
        new(T["SentToday"], Display.Number(view.SentToday)),
        new(T["FailedToday"], Display.Number(view.FailedToday)),
        new(T["LastSent"], Value: TimeAgo.Markup(Display, view.LastSentAt)),
    ];

    private void RateLink(Microsoft.AspNetCore.Components.Rendering.RenderTreeBuilder builder)
    {
        builder.OpenElement(0, "a");
        builder.AddAttribute(1, "href", $"admin/jobs/queues?type={SendMail.Name}");
        builder.AddContent(2, T["RateText"]);
        builder.CloseElement();
    }
}
