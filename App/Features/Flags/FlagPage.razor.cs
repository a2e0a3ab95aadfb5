using BlazorAdmin.Live;
using BlazorAdmin.Security;
using BlazorAdmin.Shell;
using BlazorAdmin.Shell.Controls;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.Extensions.Localization;

namespace BlazorAdmin.Features.Flags;

/// <summary>One flag: its rules to edit, who was given what, its history.</summary>
public sealed partial class FlagPage
{
    private const string RulesTab = "rules", GivenTab = "given", HistoryTab = "history";

    private FlagRow? _row;
    private FlagChoices? _choices;
    private FlagDraft? _draft;
    private FlagDefinition? _stored;
    private string? _storedDescription;
    private ViewState _state = ViewState.Loading;
    private IReadOnlyList<FlagIssue> _issues = [];
    private ReviewOf? _review;
    private string? _shown, _reference, _problem;
    private int _basedOn;
    private bool _mayManage, _busy;

    [Parameter] public string Key { get; set; } = "";

    [Parameter] public string? Tab { get; set; }

    [Inject] private FlagsService Flags { get; init; } = null!;

    [Inject] private FlagDirectory Directory { get; init; } = null!;

    [Inject] private FlagPreviews Previews { get; init; } = null!;

    [Inject] private FlagDialogs Dialogs { get; init; } = null!;

    [Inject] private FlagCatalog Catalog { get; init; } = null!;

    [Inject] private Confirmations Confirmations { get; init; } = null!;

    [Inject] private Guard Guard { get; init; } = null!;

    [Inject] private Topic<FlagsChanged> Changes { get; init; } = null!;

    [Inject] private NavigationManager Navigation { get; init; } = null!;

    [Inject] private Display Display { get; init; } = null!;

    [Inject] private ILogger<FlagPage> Log { get; init; } = null!;

    [Inject] private IStringLocalizer<FlagsTexts> T { get; init; } = null!;

    private string Shown => Tab is GivenTab or HistoryTab ? Tab : RulesTab;

    private bool ReadOnly => !_mayManage || _row?.ArchivedAt is not null;

    private bool IsChanged => !ReadOnly && _draft is { } draft && _stored is { } stored && (Wanted() != stored || draft.Description.Trim() != (_storedDescription ?? ""));

    private FlagNames Names => _choices is null ? FlagNames.None : FlagNames.Of(_choices, _draft?.Rules.SelectMany(rule => rule.People));

    private IReadOnlyList<(string Tab, string Title)> Tabs => [(RulesTab, T["TabRules"]), (GivenTab, T["TabGiven"]), (HistoryTab, T["TabHistory"])];

    protected override async Task OnParametersSetAsync()
    {
        if (_shown == Key) return;
        _shown = Key;
        await LoadAsync();
    }

    protected override void Subscribe() => Watch(Changes, change => !change.OnlyUse && (change.Id is null || change.Id == _row?.Id));

    // What is being edited stays; the page says that somebody else has saved.
    protected override async Task RefreshAsync(CancellationToken cancellation)
    {
        if (_row is null || await Directory.GetAsync(Key, cancellation) is not { } row) return;
        var isNew = row.Version != _row.Version;
        var choices = isNew ? await ReadChoicesAsync(row.Key, row.Definition) : _choices;
        // Asked now: something may have been edited while the answers were on their way.
        var isUntouched = !IsChanged;
        (_row, _choices) = (row, choices);
        if (isNew && isUntouched) Discard();
    }

    private async Task LoadAsync()
    {
        try
        {
            _row = await Directory.GetAsync(Key, Ended);
            _mayManage = await Guard.Allows(FlagsPermissions.Manage, Ended);
            _state = _row is null ? ViewState.Empty : ViewState.Ready;
            if (_row is null) return;
            _choices = await ReadChoicesAsync(_row.Key, _row.Definition);
            Discard();
            await RestoreAsync(_row);
        }
        catch (ForbiddenException)
        {
            (_row, _state) = (null, ViewState.Forbidden);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            (_state, _reference) = (ViewState.Failed, ErrorReference.New());
            FlagsLog.CommandFailed(Log, exception, _reference);
        }
    }

    private Task<FlagChoices> ReadChoicesAsync(string key, params FlagDefinition?[] definitions) => Previews.ChoicesAsync(key, FlagDefinition.PeopleOf(definitions), Ended);

    private void Discard()
    {
        if (_row is not { } row || _choices is null) return;
        (_issues, _basedOn, _storedDescription, _restoredAt) = ([], row.Version, row.Description, null);
        _draft = row.Definition is { } definition ? FlagDraft.Of(definition, row.Description, _choices, Display, T[_choices.Nameless]) : null;
        // Through the fields and back: what the fields cannot hold, seconds for one, is no change of the person's.
        _stored = _draft?.ToDefinition(Display);
    }

    private FlagDefinition Wanted() => _draft!.ToDefinition(Display);

    private async Task ReviewAsync()
    {
        if (_busy || ReadOnly || !IsChanged) return;
        _busy = true;
        await Dialogs.TryAsync(async () => await OpenReviewAsync(null));
        _busy = false;
    }

    private async Task OpenReviewAsync(string? lead)
    {
        var (row, wanted) = (_row!, Wanted());
        var impact = await Previews.ImpactAsync(row.Id, wanted, Ended);
        _problem = null;
        _review = new ReviewOf(T["ReviewTitle", Key], T[lead is null ? "Save" : "SaveAnyway"], LinesOf(row), FlagWords.Lines(T, Display, null, wanted, _draft!.Description, Names), EventCallback.Factory.Create<string>(this, SaveAsync))
        {
            Lead = lead, Impact = impact,
        };
    }

    private async Task SaveAsync(string note)
    {
        if (_busy || _draft is not { } draft) return;
        _busy = true;
        await Dialogs.TryAsync(async () =>
        {
            var result = await Flags.SaveAsync(_row!.Id, _basedOn, new FlagForm(draft.Description, Wanted(), note), Ended);
            await ShowAsync(result, "Saved");
        });
        _busy = false;
    }

    private async Task AskRollbackAsync(FlagVersionRow version)
    {
        await Dialogs.TryAsync(async () =>
        {
            var row = _row!;
            var impact = version.Definition is null ? null : await Previews.ImpactAsync(row.Id, version.Definition, Ended);
            var names = FlagNames.Of(await ReadChoicesAsync(row.Key, row.Definition, version.Definition));
            _problem = null;
            _review = new ReviewOf(
                T["RollbackTitle", Key, version.Version], T["Rollback"], FlagWords.Lines(T, Display, row.Enabled, row.Definition, null, names), FlagWords.Lines(T, Display, version.Enabled, version.Definition, null, names),
                EventCallback.Factory.Create<string>(this, note => RollbackAsync(version, row.Version, note))) { Impact = impact, Note = T["RollbackNote", version.Version] };
        });
    }

    private async Task RollbackAsync(FlagVersionRow version, int basedOn, string note)
    {
        if (_busy) return;
        _busy = true;
        await Dialogs.TryAsync(async () =>
        {
            var result = await Flags.RollbackAsync(_row!.Id, version.Version, basedOn, note, Ended);
            if (result.Outcome == FlagOutcome.Conflict) _problem = T["ChangedMeanwhile", result.Version];
            else await ShowAsync(result, "RolledBack");
        });
        _busy = false;
    }

    private async Task ShowAsync(FlagResult result, string done)
    {
        switch (result.Outcome)
        {
            case FlagOutcome.Done or FlagOutcome.Unchanged:
                _review = null;
                await _keeper.ForgetAsync(Key, Ended);
                await LoadAsync();
                Dialogs.Done(T[result.Outcome == FlagOutcome.Done ? done : "OutcomeUnchanged", result.Version]);
                break;
            case FlagOutcome.Proposed:
                _review = null;
                await _keeper.ForgetAsync(Key, Ended);
                await LoadAsync();
                Dialogs.Done(T["OutcomeProposed"]);
                break;
            case FlagOutcome.Conflict:
                // Theirs is known now; saving again puts this on top of it, and the difference shows what goes.
                _row = await Directory.GetAsync(Key, Ended) ?? _row;
                _choices = await ReadChoicesAsync(Key, _row!.Definition);
                _basedOn = _row.Version;
                await OpenReviewAsync(T["ConflictLead", _row.Version, await Directory.LatestAuthorAsync(_row.Id, Ended) ?? T["Portal"].Value]);
                break;
            case FlagOutcome.Wrong:
                (_issues, _problem) = (result.Issues, string.Join(" ", result.Issues.Select(issue => FlagWords.Issue(T, issue))));
                if (_draft is not null && Shown == RulesTab) _review = null;
                break;
            default:
                _problem = Dialogs.Describe(result);
                break;
        }
    }

    private async Task LoadTheirsAsync()
    {
        _review = null;
        await ForgetAsync();
        await LoadAsync();
    }

    private void CloseReview() => _review = null;

    private string LinesOf(FlagRow row) => FlagWords.Lines(T, Display, null, row.Definition, row.Description, Names);

    private string AddressOf(string tab) => tab == RulesTab ? $"admin/flags/{Key}" : $"admin/flags/{Key}/{tab}";

    private async Task GuardAsync(LocationChangingContext leaving)
    {
        // The other tabs are still this flag, and the draft stays.
        var to = new Uri(new Uri(Navigation.BaseUri), leaving.TargetLocation).AbsolutePath;
        if (!IsChanged || to == $"/admin/flags/{Key}" || to.StartsWith($"/admin/flags/{Key}/", StringComparison.Ordinal)) return;
        if (await Confirmations.Ask(new Confirmation(T["LeaveTitle"], T["LeaveText"], T["Discard"]) { Dismiss = T["Stay"] })) await GiveUpAsync();
        else leaving.PreventNavigation();
    }

    /// <summary>What the dialog shows before something is put in force.</summary>
    private sealed record ReviewOf(string Title, string Action, string Before, string After, EventCallback<string> Save)
    {
        /// <summary>Set when somebody else saved meanwhile.</summary>
        public string? Lead { get; init; }

        public FlagImpact? Impact { get; init; }

        public string? Note { get; init; }
    }
}
