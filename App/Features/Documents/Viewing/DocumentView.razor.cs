using System.Globalization;
using BlazorAdmin.Features.Documents.Collections;
using BlazorAdmin.Features.Documents.Editing;
using BlazorAdmin.Live;
using BlazorAdmin.Security;
using BlazorAdmin.Shell;
using BlazorAdmin.Shell.Controls;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;

namespace BlazorAdmin.Features.Documents.Viewing;

/// <summary>The page of one document: the page as it looks beside what was read from it.</summary>
public sealed partial class DocumentView
{
    private DocumentDetails? _details;
    private DocumentAddress _address = new();
    private IReadOnlyList<TabItem> _tabs = [];
    private ViewState _state = ViewState.Loading;
    private EditDialog? _editor;
    private Guid _shown;

    [Parameter] public Guid Id { get; set; }

    // A change of any of these in the address brings the parameters anew; what they say is read from the address itself.
    [SupplyParameterFromQuery(Name = "tab")] private string? TabInAddress { get; set; }

    [SupplyParameterFromQuery(Name = "page")] private string? PageInAddress { get; set; }

    [SupplyParameterFromQuery(Name = "q")] private string? SearchInAddress { get; set; }

    [SupplyParameterFromQuery(Name = "show")] private string? ShowInAddress { get; set; }

    [Inject] private DocumentLibrary Library { get; init; } = null!;

    [Inject] private DocumentCommands Commands { get; init; } = null!;

    [Inject] private Topic<DocumentChanged> Changes { get; init; } = null!;

    [Inject] private Topic<CollectionsChanged> Collections { get; init; } = null!;

    /// <summary>A role that opened the collection may be gone.</summary>
    [Inject] private Topic<AccessChanged> Access { get; init; } = null!;

    [Inject] private NavigationManager Navigation { get; init; } = null!;

    [Inject] private Display Display { get; init; } = null!;

    [Inject] private IStringLocalizer<LibraryTexts> T { get; init; } = null!;

    [Inject] private IStringLocalizer<DocumentsTexts> D { get; init; } = null!;

    private int Pages => Math.Max(1, Math.Max(_details?.Row.Pages ?? 1, _details?.PagesWithText ?? 1));

    protected override async Task OnParametersSetAsync()
    {
        var address = DocumentAddress.Parse(new Uri(Navigation.Uri).Query);
        _address = _details is null ? address : address with { Page = Math.Clamp(address.Page, 1, Pages) };
        if (_shown == Id) return;
        _shown = Id;
        await RefreshAsync(Ended);
    }

    protected override void Subscribe()
    {
        Watch(Changes, change => change.Id == Id);
        Watch(Collections);
        Watch(Access);
    }

    protected override async Task RefreshAsync(CancellationToken cancellation)
    {
        try
        {
            _details = await Library.Details(Id, cancellation);
            _state = _details is null ? ViewState.Empty : ViewState.Ready;
            _address = _address with { Page = Math.Clamp(_address.Page, 1, Pages) };
            _tabs =
            [
                new(nameof(DocumentTab.Text), T["ShowText"]), new(nameof(DocumentTab.Fields), T["Fields"], _details?.Row.Findings is > 0 and var findings ? findings : null, Tone.Warn),
                new(nameof(DocumentTab.Versions), T["Versions"]), new(nameof(DocumentTab.History), T["History"]), new(nameof(DocumentTab.Details), T["Details"]),
            ];
        }
        catch (ForbiddenException)
        {
            (_details, _state) = (null, ViewState.Forbidden);
        }
    }

    private void Go(DocumentAddress address) => Navigation.NavigateTo($"/documents/{Id}{address.ToQueryString()}");

    private void Choose(string tab) => Go(_address with { Tab = Enum.Parse<DocumentTab>(tab) });

    private void Turn(int page) => Go(_address with { Page = Math.Clamp(page, 1, Pages) });

    private void Typed(ChangeEventArgs change)
    {
        if (int.TryParse(change.Value as string, CultureInfo.InvariantCulture, out var page)) Turn(page);
    }

    private IReadOnlyList<Fact> Facts(DocumentDetails details)
    {
        var row = details.Row;
        return
        [
            new(T["Kind"], row.Kind),
            new(T["Collection"], row.Collection),
            new(T["Tags"], row.Tags.Count == 0 ? null : string.Join(", ", row.Tags)),
            new(D["Owner"], row.Owner),
            new(T["Origin"], T[$"Origin{row.Origin}"]),
            new(D["Added"], Display.Exact(row.CreatedAt)),
            new(T["KeepUntil"], row.KeepUntil is { } kept ? Display.Date(kept) : null),
            new(D["Type"], row.Type is { } type ? DocumentWords.Type(D, type) : null),
            new(D["Size"], Display.Bytes(row.Size)),
            new(D["Pages"], row.Pages is { } pages ? Display.Number(pages) : null),
            new(D["Characters"], details.Characters > 0 ? Display.Number(details.Characters) : null),
            new(D["Confidence"], details.Confidence is { } confidence ? Display.Percent(confidence / 100) : null),
            new(D["Quality"], row.Quality is { } quality ? string.Join(" · ", [DocumentWords.Score(D, Display, quality), .. QualityWords.Reasons(D, details.QualityReasons)]) : null),
            new("SHA-256", details.Sha256),
        ];
    }
}
