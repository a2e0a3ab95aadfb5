using BlazorAdmin.Features.Mail;
using BlazorAdmin.Features.Settings;
using BlazorAdmin.Live;
using BlazorAdmin.Security;
using BlazorAdmin.Shell;
using BlazorAdmin.Shell.Controls;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;

namespace BlazorAdmin.Features.Checklist;

/// <summary>How the points stand, with what can be done about each.</summary>
public sealed partial class ChecklistView
{
    private IReadOnlyList<ChecklistRow> _rows = [];
    private ViewState _state = ViewState.Loading;
    private string? _reference;
    private bool _mayManage;

    /// <summary>Shows only what somebody has to do.</summary>
    [Parameter] public bool OnlyOpen { get; set; }

    [Inject] private ChecklistService Checklist { get; init; } = null!;

    [Inject] private Guard Guard { get; init; } = null!;

    [Inject] private Toasts Toasts { get; init; } = null!;

    [Inject] private NavigationManager Navigation { get; init; } = null!;

    [Inject] private SliceTexts Slices { get; init; } = null!;

    [Inject] private IStringLocalizerFactory Localizers { get; init; } = null!;

    [Inject] private Topic<ChecklistChanged> Changes { get; init; } = null!;

    [Inject] private Topic<SettingsChanged> Settings { get; init; } = null!;

    [Inject] private Topic<AccessChanged> Access { get; init; } = null!;

    [Inject] private Topic<MailChanged> Mails { get; init; } = null!;

    [Inject] private Display Display { get; init; } = null!;

    [Inject] private ILogger<ChecklistView> Log { get; init; } = null!;

    [Inject] private IStringLocalizer<ChecklistTexts> T { get; init; } = null!;

    private IReadOnlyList<ChecklistRow> Shown => OnlyOpen ? [.. _rows.Where(row => row.NeedsSomebody)] : _rows;

    protected override Task OnInitializedAsync() => LoadAsync();

    protected override void Subscribe()
    {
        Watch(Changes);
        Watch(Settings);
        Watch(Access);
        Watch(Mails);
    }

    protected override Task RefreshAsync(CancellationToken cancellation) => LoadAsync();

    private async Task LoadAsync()
    {
        try
        {
            _rows = await Checklist.ListAsync(new Uri(Navigation.BaseUri), Ended);
            _mayManage = await Guard.Allows(SettingsPermissions.Manage, Ended);
            _state = ViewState.Ready;
        }
        catch (ForbiddenException)
        {
            (_rows, _state) = ([], ViewState.Forbidden);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            (_state, _reference) = (ViewState.Failed, ErrorReference.New());
            ChecklistLog.CommandFailed(Log, exception, _reference);
        }
    }

    private RenderFragment Chip(ChecklistRow row) => (row.IsSetAside, row.Finding.State) switch
    {
        (_, ChecklistState.Done) => StateChip.Markup(Tone.Ok, T["StateDone"]),
        (true, _) => StateChip.Markup(Tone.Idle, T["StateSetAside"]),
        (_, ChecklistState.Open) => StateChip.Markup(Tone.Warn, T["StateOpen"]),
        _ => StateChip.Markup(Tone.Idle, T["StateUnknown"], "wait"),
    };

    private string Text(ChecklistRow row)
    {
        var (key, texts) = (row.Finding.TextKey, row.Finding.TextKey == ChecklistMeasure.NotMeasured ? T : Localizers.Create(row.Item.Texts));
        return texts[key, [.. row.Finding.Arguments.Select(argument => argument is DateTimeOffset at ? Display.Ago(at) : argument)]];
    }

    private Task ConfirmAsync(ChecklistRow row) => TryAsync(() => Checklist.ConfirmAsync(row.Item.Key, CancellationToken.None), "Confirmed", row.Item.Key);

    private Task SetAsideAsync(ChecklistRow row) => TryAsync(() => Checklist.SetAsideAsync(row.Item.Key, CancellationToken.None), "IsSetAside", row.Item.Key);

    private Task TakeBackAsync(string item) => TryAsync(() => Checklist.TakeBackAsync(item, CancellationToken.None), "TakenBack", null);

    private async Task TryAsync(Func<Task<ChecklistOutcome>> command, string done, string? undoes)
    {
        try
        {
            var outcome = await command();
            if (outcome == ChecklistOutcome.Done) Toasts.Done(T[done], undoes is null ? null : () => TakeBackAsync(undoes));
            else Toasts.Show(Tone.Warn, T[$"Outcome{outcome}"]);
            await LoadAsync();
        }
        catch (ForbiddenException)
        {
            Toasts.Failed(T["Forbidden"]);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            var reference = ErrorReference.New();
            ChecklistLog.CommandFailed(Log, exception, reference);
            Toasts.Failed(T["Failed", reference]);
        }
    }
}
