using BlazorAdmin.Features.Directories.Ldap;
using BlazorAdmin.Features.Settings;
using BlazorAdmin.Features.Users;
using BlazorAdmin.Live;
using BlazorAdmin.Security;
using BlazorAdmin.Shell;
using BlazorAdmin.Shell.Controls;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;

namespace BlazorAdmin.Features.Directories;

/// <summary>The directory as it is configured: a test that shows every step, what a sync would do, and the last one.</summary>
public sealed partial class DirectoryPage
{
    private DirectoryView? _view;
    private ViewState _state = ViewState.Loading;
    private string? _reference, _login;
    private Func<Task>? _stop;
    private IReadOnlyList<LdapStep> _steps = [];
    private PersonMapping? _mapping;
    private DryRun? _plan;
    private bool _works, _stopped, _planning;

    [Inject] private DirectoryService Directory { get; init; } = null!;

    [Inject] private DirectoryDialogs Dialogs { get; init; } = null!;

    [Inject] private Topic<DirectoryChanged> Changes { get; init; } = null!;

    [Inject] private Topic<SettingsChanged> Settings { get; init; } = null!;

    [Inject] private Display Display { get; init; } = null!;

    [Inject] private ILogger<DirectoryPage> Log { get; init; } = null!;

    [Inject] private IStringLocalizer<DirectoriesTexts> T { get; init; } = null!;

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
            _view = await Directory.ReadAsync(cancellation);
            _state = ViewState.Ready;
        }
        catch (ForbiddenException)
        {
            (_view, _state) = (null, ViewState.Forbidden);
        }
        catch (Exception exception) when (exception is not OperationCanceledException && _view is null)
        {
            (_state, _reference) = (ViewState.Failed, ErrorReference.New());
            DirectoryLog.ReadFailed(Log, exception, _reference);
        }
    }

    private async Task TestAsync()
    {
        if (_stop is not null) return;
        (_steps, _mapping, _works, _stopped) = ([], null, false, false);
        using var testing = CancellationTokenSource.CreateLinkedTokenSource(Ended);
        _stop = testing.CancelAsync;
        try
        {
            await Dialogs.TryAsync(async () => (_works, _mapping) = await Directory.TestAsync(_login, Show, testing.Token));
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

    private void Show(LdapStep step)
    {
        // The end of a step takes the place of its beginning.
        _steps = [.. _steps.Count > 0 && _steps[^1] is { Took: null } ? _steps.Take(_steps.Count - 1) : _steps, step];
        StateHasChanged();
    }

    private async Task DryRunAsync()
    {
        (_planning, _plan) = (true, null);
        try
        {
            await Dialogs.TryAsync(async () => _plan = await Directory.DryRunAsync(Ended));
        }
        finally
        {
            _planning = false;
        }
    }

    private Task RunAsync() => Dialogs.RunAsync();

    private async Task LinkAsync()
    {
        if (_mapping is not { Account: { } account, Person: { } person } || _login is not { Length: > 0 } login) return;
        if (!await Dialogs.LinkAsync(account, login, person)) return;
        await RefreshAsync(Ended);
        await TestAsync();
    }

    private RenderFragment Chip(LdapStep step) => step switch
    {
        { Failure: not null } => StateChip.Markup(Tone.Bad, T["StepFailed"]),
        { Took: not null } => StateChip.Markup(Tone.Ok, T["StepDone"]),
        _ when _stopped => StateChip.Markup(Tone.Idle, T["StepStopped"], "stop"),
        _ => StateChip.Markup(Tone.Info, T["StepRunning"]),
    };

    private string? Says(LdapStep step) => step.Failure is not { } failure ? step.Answer
        : failure.Detail is { Length: > 0 } detail ? $"{T[$"Fault{failure.Fault}"]} ({detail})" : T[$"Fault{failure.Fault}"];

    private IReadOnlyList<Fact> Facts(DirectoryView view) =>
    [
        new(T["Servers"], view.Servers),
        new(T["StartTls"], view.StartTls ? T["On"] : T["Off"]),
        new(T["BindAs"], view.BindDn is not { Length: > 0 } name ? T["Nobody"] : view.HasPassword ? name : T["NoPassword", name]),
        new(T["BaseDn"], view.BaseDn),
        new(T["UserFilter"], view.UserFilter),
        new(T["CreateAccounts"], view.CreateAccounts ? T["Creates"] : T["CreatesNot"]),
        new(T["GroupRoles"], view.GroupRoles.Count == 0 ? T["NoGroupRoles"] : string.Join("; ", view.GroupRoles)),
        new(T["Linked"], Display.Number(view.Linked)),
    ];

    private IReadOnlyList<Fact> FactsOf(ExternalPerson person, PersonMapping mapping) =>
    [
        new(T["Entry"], person.Entry),
        new(T["Id"], person.Key),
        new(T["Name"], person.Name),
        new(T["Mail"], person.Mail ?? T["NoMail"]),
        new(T["Groups"], person.Groups is { Count: > 0 } groups ? string.Join("; ", groups) : T["NoGroups"]),
        new(T["Roles"], mapping.Roles.Count == 0 ? T["NoRoles"] : string.Join(", ", mapping.Roles)),
    ];

    private IReadOnlyList<Fact> SyncFacts(DirectoryView view) => view.Last is not { } last
        ? [new(T["LastSync"], T["NeverSynced"])]
        :
        [
            new(T["LastSync"], Value: TimeAgo.Markup(Display, last.At)),
            new(T["LastResult"], last.Fault is { } fault ? T[$"Fault{fault}"] : last.Failure ?? (last.Braked
                ? T["SyncBraked", Display.Number(last.Gone), Display.Number(last.Linked)]
                : T["SyncResult", Display.Number(last.Found), Display.Number(last.Linked), Display.Number(last.Changed), Display.Number(last.Closed), Display.Number(last.Reopened)])),
            new("", Value: JobLink(last.JobId)),
        ];

    private RenderFragment JobLink(long job) => builder =>
    {
        builder.OpenElement(0, "a");
        builder.AddAttribute(1, "href", $"admin/jobs?item={job}");
        builder.AddContent(2, T["OpenJob"]);
        builder.CloseElement();
    };
}
