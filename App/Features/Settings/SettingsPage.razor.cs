using BlazorAdmin.Live;
using BlazorAdmin.Security;
using BlazorAdmin.Shell;
using BlazorAdmin.Shell.Controls;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.Extensions.Localization;

namespace BlazorAdmin.Features.Settings;

public sealed partial class SettingsPage : LiveComponent
{
    private readonly SettingsDraft _draft = new();
    private IReadOnlyList<SettingValue> _values = [];
    private IReadOnlyList<SettingsProblem> _problems = [];
    private IReadOnlyList<SettingIssue> _issues = [];
    private IReadOnlyList<SettingEdit>? _imported;
    private SettingsPlan? _plan;
    private ViewState _state = ViewState.Loading;
    private string _title = "", _text = "";
    private string? _going;
    private string? _reference;
    private bool _mayManage;
    private int _settled;

    [SupplyParameterFromQuery(Name = "section")] public string? LinkedSection { get; set; }

    [SupplyParameterFromQuery(Name = "q")] public string? LinkedSearch { get; set; }

    [Inject] private SettingsService Settings { get; init; } = null!;

    [Inject] private SettingsCommands Commands { get; init; } = null!;

    [Inject] private SettingsFollower Follower { get; init; } = null!;

    [Inject] private Confirmations Confirmations { get; init; } = null!;

    [Inject] private Guard Guard { get; init; } = null!;

    [Inject] private NavigationManager Navigation { get; init; } = null!;

    [Inject] private ILogger<SettingsPage> Log { get; init; } = null!;

    [Inject] private IStringLocalizer<SettingsTexts> T { get; init; } = null!;

    [Inject] private IStringLocalizer<SettingDocs> Docs { get; init; } = null!;

    private SettingsPlace Place => SettingsPlace.Of(LinkedSection, LinkedSearch);

    private IReadOnlyList<string> Sections => [.. _values.Select(v => v.Section).Distinct()];

    /// <summary>The section whose settings are shown; none while the search shows those of all.</summary>
    private string? Open => Place.Search.Length > 0 ? null : Sections.FirstOrDefault(s => s.Equals(Place.Section, StringComparison.OrdinalIgnoreCase)) ?? Sections.FirstOrDefault();

    private IReadOnlyList<IGrouping<string, SettingValue>> Shown => [.. _values.Where(v => Open is { } open ? v.Section == open : SettingsWords.Matches(Docs, v.Section, v.Key, Place.Search)).GroupBy(v => v.Section)];

    protected override Task OnInitializedAsync() => LoadAsync();

    protected override void Subscribe() => Keep(Follower.Subscribe(RequestRefresh));

    protected override async Task RefreshAsync(CancellationToken cancellation)
    {
        (_values, _problems) = (await Settings.ReadAsync(cancellation), await Settings.ProblemsAsync(cancellation));
        _mayManage = await Guard.Allows(SettingsPermissions.Manage, cancellation);
        _state = _values.Count == 0 ? ViewState.Empty : ViewState.Ready;
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
            SettingsLog.ShowFailed(Log, exception, _reference);
        }
    }

    // What is typed stands at once; the address follows, and only an address that came from elsewhere writes into the box.
    protected override void OnParametersSet()
    {
        var linked = LinkedSearch ?? "";
        if (linked == _going) _going = null;
        else if (_going is null) _text = linked;
    }

    private void Find(string? text)
    {
        _text = text ?? "";
        var search = _text.Trim();
        if (search == (_going ?? LinkedSearch ?? "")) return;
        _going = search;
        Navigation.NavigateTo((Place with { Search = search }).Link, replace: true);
    }

    private void ClearSearch() => Navigation.NavigateTo((Place with { Search = "" }).Link);

    private IReadOnlyList<SettingIssue> IssuesOf(SettingValue value) =>
        [.. _issues.Where(issue => issue.Key is { } key && (key.Equals(value.Key, StringComparison.OrdinalIgnoreCase) || key.StartsWith(value.Key + ":", StringComparison.OrdinalIgnoreCase)))];

    private RenderFragment? Mark(string section)
    {
        if (_problems.Any(p => p.Source == section)) return StateChip.Markup(Tone.Warn, T["FileRefused"]);
        var pending = _values.Count(v => v.Section == section && _draft.Has(v));
        return pending == 0 ? null : builder => builder.AddMarkupContent(0, $"<span class=\"badge info\">{pending}</span>");
    }

    // What the batch was refused for concerns another draft now.
    private void Changed() => _issues = [];

    private async Task ReviewAsync()
    {
        var (edits, issues) = _draft.Read();
        issues = [.. issues, .. _values.Where(_draft.Has).SelectMany(_draft.Check)];
        _title = T.Count("ReviewTitle", _draft.Count);
        await Commands.TryAsync(async () =>
        {
            var plan = issues.Count > 0 ? new SettingsPlan([], [.. issues.Distinct()]) : await Settings.PlanAsync(edits, Ended);
            (_plan, _imported, _issues) = (plan, null, plan.Issues);
        });
    }

    private async Task LookAgainAsync() => await Commands.TryAsync(async () =>
    {
        await RefreshAsync(Ended);
        _draft.Rebase(_values);
        if (_draft.Count == 0) Close();
        else await ReviewAsync();
    });

    private async Task ImportAsync(InputFileChangeEventArgs change) => await Commands.TryAsync(async () =>
    {
        using var content = new MemoryStream();
        // One byte more than is taken, so that the parser says that it is too large.
        if (change.File.Size <= SettingsFileParser.MaxBytes) await change.File.OpenReadStream(SettingsFileParser.MaxBytes, Ended).CopyToAsync(content, Ended);
        else content.SetLength(SettingsFileParser.MaxBytes + 1);
        (_imported, _plan) = await Settings.PlanImportAsync(change.File.Name, content.ToArray(), Ended);
        if (_plan is { Issues.Count: 0, Lines.Count: 0 }) _plan = SettingsPlan.Refused(SettingFault.NothingToDo);
        _title = T["ImportTitle", change.File.Name];
    });

    private async Task ApplyAsync(string reason) => await Commands.TryAsync(async () =>
    {
        if (_plan is not { } plan) return;
        var outcome = _imported is { } imported ? await Settings.ApplyAsync(imported, reason, SettingsCommand.Import, Ended) : await Settings.ApplyAsync(_draft.Read().Edits, reason, SettingsCommand.Apply, Ended);
        if (!outcome.IsDone)
        {
            (_plan, _issues) = (plan with { Issues = outcome.Issues }, outcome.Issues);
            return;
        }

        if (_imported is null) Settle();
        Close();
        Commands.Done(plan);
        await RefreshAsync(Ended);
        _draft.Rebase(_values);
    });

    private void Close() => (_plan, _imported) = (null, null);

    private async Task DiscardAsync()
    {
        if (!await AskDiscardAsync()) return;
        Settle();
        _issues = [];
    }

    private async Task GuardAsync(LocationChangingContext context)
    {
        if (_draft.Count == 0 || Navigation.ToAbsoluteUri(context.TargetLocation).AbsolutePath == SettingsPlace.Route) return;
        if (!await AskDiscardAsync())
        {
            context.PreventNavigation();
            return;
        }

        Settle();
        StateHasChanged();
    }

    // Applied or given up: nothing of it is kept.
    private void Settle()
    {
        _draft.Clear();
        _settled++;
    }

    private Task<bool> AskDiscardAsync() => Confirmations.Ask(new Confirmation(T.Count("DiscardTitle", _draft.Count), T["DiscardText"], T["Discard"]) { Dismiss = T["Keep"] });
}
