using System.Globalization;
using BlazorAdmin.Live;
using BlazorAdmin.Security;
using BlazorAdmin.Shell;
using BlazorAdmin.Shell.Controls;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.Localization;
using Microsoft.JSInterop;

namespace BlazorAdmin.Features.Documents.Extraction;

/// <summary>The text of one page with its entities marked: choose, confirm, reject, add; put the text right.</summary>
public sealed partial class MarkedText : LiveComponent
{
    private const string Query = "hide";

    private readonly string _dialog = Ids.Next("marked");
    private ElementReference _text;
    private MarkedPage? _page;
    private IReadOnlyList<TextSegment> _segments = [];
    private IReadOnlyList<MentionView> _aside = [];
    private IReadOnlyList<(string Kind, int Count)> _counts = [];
    private IReadOnlyList<string> _kinds = EntityKinds.All;
    private HashSet<string> _hidden = [];
    private (Guid, int, string?, string?) _shown;
    private (Guid, int, string?)? _revealed;
    private Guid? _selected;
    private bool _marking, _correcting, _busy;
    private string _words = "", _kind = "", _edited = "";
    private int _at, _version;

    [Parameter, EditorRequired] public Guid Id { get; set; }

    /// <summary>From 1.</summary>
    [Parameter, EditorRequired] public int Page { get; set; }

    /// <summary>Words of a search, which are marked as well; null: none.</summary>
    [Parameter] public string? Search { get; set; }

    /// <summary>Kinds that are not shown, in the address.</summary>
    [SupplyParameterFromQuery(Name = Query)] private string? Hide { get; set; }

    [Inject] private ExtractionLibrary Library { get; init; } = null!;

    [Inject] private DocumentCorrections Corrections { get; init; } = null!;

    [Inject] private ExtractionDialogs Dialogs { get; init; } = null!;

    [Inject] private Topic<DocumentChanged> Changes { get; init; } = null!;

    [Inject] private NavigationManager Navigation { get; init; } = null!;

    [Inject] private IJSRuntime Js { get; init; } = null!;

    [Inject] private Display Display { get; init; } = null!;

    [Inject] private IStringLocalizer<ExtractionTexts> T { get; init; } = null!;

    private MentionView? Selected => _page?.Mentions.FirstOrDefault(mention => mention.Id == _selected);

    protected override void Subscribe() => Watch(Changes, change => change.Id == Id);

    protected override async Task OnParametersSetAsync()
    {
        if (_shown == (Id, Page, Hide, Search)) return;
        var same = _page is not null && _shown.Item1 == Id && _shown.Item2 == Page;
        _shown = (Id, Page, Hide, Search);
        _hidden = [.. (Hide ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries)];
        if (same) Arrange();
        else await RefreshAsync(Ended);
    }

    protected override async Task RefreshAsync(CancellationToken cancellation)
    {
        try
        {
            _page = await Library.Page(Id, Page, cancellation);
            if (_page?.MayChange == true && await Library.Fields(Id, cancellation) is { } fields) _kinds = fields.Kinds;
        }
        catch (ForbiddenException)
        {
            _page = null;
        }
        Arrange();
    }

    private void Arrange()
    {
        var mentions = _page?.Mentions ?? [];
        var marked = mentions.Where(mention => mention.State != MentionState.Rejected && mention.Start >= 0).ToList();
        _aside = [.. mentions.Except(marked)];
        _counts = [.. marked.GroupBy(mention => mention.Kind).OrderBy(group => Rank(group.Key)).ThenBy(group => group.Key, StringComparer.Ordinal).Select(group => (group.Key, group.Count()))];
        var text = _page?.Text ?? "";
        _segments = TextSegments.Of(text, marked.Where(mention => !_hidden.Contains(mention.Kind)), string.IsNullOrWhiteSpace(Search) ? null : Snippet.Mark(text, Search));
    }

    /// <summary>Brings the first of the words of a search into view, once for each page that is opened.</summary>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        await base.OnAfterRenderAsync(firstRender);
        if (_page is null || _revealed == (Id, Page, Search) || !_segments.Any(segment => segment.Parts.Any(part => part.IsHit))) return;
        _revealed = (Id, Page, Search);
        try
        {
            await using var module = await Js.InvokeAsync<IJSObjectReference>("import", "./" + Assets["js/text-selection.js"]);
            await module.InvokeVoidAsync("reveal", _text);
        }
        catch (Exception exception) when (exception is JSException or JSDisconnectedException or OperationCanceledException)
        {
            // The words stand where they stand.
        }
    }

    private static int Rank(string kind) => EntityKinds.All.ToList().IndexOf(kind) is >= 0 and var at ? at : int.MaxValue;

    private static string KindClass(string kind) => EntityKinds.All.Contains(kind) ? "k-" + kind : "k-own";

    private string Label(MentionView mention) => T["MentionLabel", ExtractionWords.Kind(T, mention.Kind), mention.Text, State(mention)];

    private string State(MentionView mention) => mention switch
    {
        { Start: < 0 } => T["StateLost"],
        { State: MentionState.Found } => T["StateFound", Display.Percent(mention.Confidence)],
        _ => T[$"State{mention.State}"],
    };

    private void Toggle(string kind)
    {
        var hidden = _hidden.Contains(kind) ? _hidden.Where(one => one != kind) : _hidden.Append(kind);
        var value = string.Join(',', hidden.Order(StringComparer.Ordinal));
        Navigation.NavigateTo(Navigation.GetUriWithQueryParameter(Query, value.Length == 0 ? null : value), replace: true);
    }

    private void Select(Guid mention) => _selected = _selected == mention ? null : mention;

    private void Pressed(KeyboardEventArgs key, Guid mention)
    {
        if (key.Key is "Enter" or " ") Select(mention);
    }

    private async Task Judge(MentionView mention, MentionState state)
    {
        if (_busy) return;
        _busy = true;
        if (await Dialogs.Correct(() => Corrections.Judge(Id, mention.Id, state, CancellationToken.None))) await RefreshAsync(Ended);
        _busy = false;
    }

    private async Task OpenMark()
    {
        (_words, _at, _kind) = ("", 0, ExtractionWords.Kind(T, EntityKinds.All[0]));
        try
        {
            await using var module = await Js.InvokeAsync<IJSObjectReference>("import", "./" + Assets["js/text-selection.js"]);
            if (await module.InvokeAsync<Selection?>("selected", _text) is { Text.Length: > 0 } selection) (_words, _at) = (selection.Text, selection.Start);
        }
        catch (JSException)
        {
            // Without it the words are typed.
        }
        _marking = true;
    }

    private async Task Mark()
    {
        if (_busy) return;
        _busy = true;
        // The name of a kind in the person's language, or an own one.
        var kind = _kinds.FirstOrDefault(one => string.Equals(ExtractionWords.Kind(T, one), _kind.Trim(), StringComparison.CurrentCultureIgnoreCase)) ?? _kind;
        if (await Dialogs.Correct(() => Corrections.Add(Id, Page, _at, _words, kind, CancellationToken.None), T["Marked", _words.Trim()]))
        {
            _marking = false;
            await RefreshAsync(Ended);
        }
        _busy = false;
    }

    private void OpenText() => (_edited, _version, _correcting) = (_page!.Text, _page.Version, true);

    private async Task Correct()
    {
        if (_busy) return;
        _busy = true;
        if (await Dialogs.Correct(() => Corrections.CorrectPage(Id, Page, _version, _edited, CancellationToken.None), T["TextSaved", Page.ToString(CultureInfo.CurrentCulture)]))
        {
            _correcting = false;
            await RefreshAsync(Ended);
        }
        _busy = false;
    }

    private async Task Restore()
    {
        if (_page is not { Read: not null } page || !await Dialogs.Ask(T["RestoreTitle", Page], T["RestoreText"], T["BackToRead"])) return;
        if (await Dialogs.Correct(() => Corrections.RestorePage(Id, Page, page.Version, CancellationToken.None), T["TextRestored"])) await RefreshAsync(Ended);
    }

    /// <param name="Start">In UTF-16 units of the text.</param>
    private sealed record Selection(int Start, string Text);
}
