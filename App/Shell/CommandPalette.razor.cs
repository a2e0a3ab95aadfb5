using BlazorAdmin.Security;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;

namespace BlazorAdmin.Shell;

/// <summary>Ctrl+K: tabs and actions that the person may use, and what the slices' search providers find. The browser opens it and moves the choice without a round trip.</summary>
public sealed partial class CommandPalette : ComponentBase
{
    public const string PageKind = "Page";
    public const string ActionKind = "Action";

    private const int HitsPerProvider = 6;
    private const int FewestLetters = 2;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private CancellationTokenSource _typing = new();
    private IReadOnlyList<SearchHit> _known = [];
    private IReadOnlyList<SearchHit> _hits = [];
    private string _text = "";
    private string _typed = "";
    private bool _searching;

    [Inject] private IEnumerable<NavigationEntry> Entries { get; init; } = null!;

    [Inject] private IEnumerable<PaletteAction> Actions { get; init; } = null!;

    [Inject] private IEnumerable<ISearchProvider> Providers { get; init; } = null!;

    [Inject] private CurrentCaller Current { get; init; } = null!;

    [Inject] private SliceTexts Slices { get; init; } = null!;

    [Inject] private IStringLocalizer<ShellTexts> T { get; init; } = null!;

    [Inject] private TimeProvider Time { get; init; } = null!;

    [Inject] private ILogger<CommandPalette> Log { get; init; } = null!;

    public void Dispose()
    {
        _typing.Cancel();
        _typing.Dispose();
    }

    // Rights may have changed since it was open last.
    private async Task Prepare()
    {
        var caller = await Current.GetAsync();
        var may = (string? permission) => caller is not null && (permission is null || caller.May(permission));
        _known =
        [
            .. Entries.Where(entry => may(entry.Permission)).OrderBy(entry => entry.Group).ThenBy(entry => entry.Order)
                .Select(entry => new SearchHit(PageKind, Slices[entry.Texts, entry.TitleKey], entry.Group == NavigationGroup.None ? null : T["Group" + entry.Group].Value, entry.Route, entry.Icon)),
            .. Actions.Where(action => may(action.Permission)).Select(action => new SearchHit(ActionKind, Slices[action.Texts, action.TitleKey], null, action.Url, action.Icon)),
        ];
        _hits = Rank(_known, _text);
    }

    // Bound, not only listened to: what the server draws must not take back letters that were typed meanwhile.
    private async Task Typed(string? text)
    {
        _typed = text ?? "";
        _text = _typed.Trim();
        await _typing.CancelAsync();
        _typing.Dispose();
        _typing = new CancellationTokenSource();
        var typing = _typing.Token;
        _hits = Rank(_known, _text);
        _searching = _text.Length >= FewestLetters;
        if (!_searching) return;
        try
        {
            await Task.Delay(Pause, Time, typing);
            var found = await Task.WhenAll(Providers.Select(provider => Ask(provider, _text, typing)));
            if (typing.IsCancellationRequested) return;
            _hits = [.. Rank(_known, _text), .. found.SelectMany(hits => hits)];
            _searching = false;
        }
        catch (OperationCanceledException) when (typing.IsCancellationRequested)
        {
            return; // another letter came
        }
    }

    /// <summary>One provider that fails or dawdles does not keep the others' hits away.</summary>
    private async Task<IReadOnlyList<SearchHit>> Ask(ISearchProvider provider, string text, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Patience);
        try
        {
            return await provider.SearchAsync(text, HitsPerProvider, limit.Token);
        }
        catch (Exception) when (cancellation.IsCancellationRequested)
        {
            return [];
        }
        catch (ForbiddenException)
        {
            return [];
        }
        catch (Exception exception)
        {
            ShellLog.SearchFailed(Log, exception, provider.GetType().Name);
            return [];
        }
    }

    /// <summary>Titles that begin with the text, then those with a word that does, then those that contain it.</summary>
    internal static IReadOnlyList<SearchHit> Rank(IReadOnlyList<SearchHit> hits, string text) => text.Length == 0
        ? hits
        : [.. hits.Select(hit => (Hit: hit, Rank: RankOf(hit.Title, text))).Where(ranked => ranked.Rank < int.MaxValue).OrderBy(ranked => ranked.Rank).Select(ranked => ranked.Hit)];

    private static int RankOf(string title, string text)
    {
        var at = title.IndexOf(text, StringComparison.CurrentCultureIgnoreCase);
        return at switch { < 0 => int.MaxValue, 0 => 0, _ when title[at - 1] == ' ' => 1, _ => 2 };
    }

    private string KindName(string kind) => T["Kind" + kind];
}
