using System.Globalization;
using BlazorAdmin.Features.Documents.Collections;
using BlazorAdmin.Features.Documents.Reading;
using BlazorAdmin.Features.Documents.Viewing;
using BlazorAdmin.Live;
using BlazorAdmin.Security;
using BlazorAdmin.Shell;
using BlazorAdmin.Shell.Controls;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;

namespace BlazorAdmin.Features.Documents;

/// <summary>Everything about one document, live.</summary>
public sealed partial class DocumentPanel
{
    private DocumentDetails? _details;
    private ViewState _state = ViewState.Loading;

    [Parameter, EditorRequired] public Guid Id { get; set; }

    /// <summary>The words of the list's search.</summary>
    [SupplyParameterFromQuery(Name = "q")] private string? Search { get; set; }

    /// <summary>The page that is read; a text, because a mistyped link must not fail.</summary>
    [SupplyParameterFromQuery(Name = "page")] private string? Place { get; set; }

    [Inject] private DocumentLibrary Library { get; init; } = null!;

    [Inject] private DocumentCommands Commands { get; init; } = null!;

    [Inject] private Topic<DocumentChanged> Changes { get; init; } = null!;

    [Inject] private NavigationManager Navigation { get; init; } = null!;

    [Inject] private Display Display { get; init; } = null!;

    [Inject] private IStringLocalizer<DocumentsTexts> T { get; init; } = null!;

    [Inject] private Topic<CollectionsChanged> Collections { get; init; } = null!;

    /// <summary>A role that opened the collection may be gone.</summary>
    [Inject] private Topic<AccessChanged> Access { get; init; } = null!;

    [Inject] private IStringLocalizer<LibraryTexts> L { get; init; } = null!;

    protected override Task OnInitializedAsync() => Reload();

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
        }
        catch (ForbiddenException)
        {
            (_details, _state) = (null, ViewState.Forbidden);
        }
    }

    private Task Reload() => RefreshAsync(Ended);

    private Task ReadAgain() => Commands.ReadAgain([new PickedDocument(Id, _details?.Row.Name)]);

    private Task Stop() => Commands.Stop(new PickedDocument(Id, _details?.Row.Name));

    private Task Delete() => Commands.Delete([new PickedDocument(Id, _details?.Row.Name)]);

    /// <summary>The document's own page, at the place that is open here and with the same words marked.</summary>
    private string OwnPage => $"/documents/{Id}" + new DocumentAddress(
        Page: int.TryParse(Place, CultureInfo.InvariantCulture, out var page) ? page : 1, Search: string.IsNullOrWhiteSpace(Search) ? null : Search.Trim()).ToQueryString();

    /// <summary>The same list with another document open, at its first page.</summary>
    private string Link(Guid id) => Navigation.GetUriWithQueryParameters(new Dictionary<string, object?> { ["item"] = id, ["page"] = null });

    private IReadOnlyList<Fact> Facts(DocumentDetails details)
    {
        var row = details.Row;
        return
        [
            new(T["Type"], row.Type is { } type ? DocumentWords.Type(T, type) : null),
            new(T["Size"], Display.Bytes(row.Size)),
            new(T["Pages"], row.Pages is { } pages ? Display.Number(pages) : null),
            new(T["Characters"], details.Characters > 0 ? Display.Number(details.Characters) : null),
            new(T["Confidence"], details.Confidence is { } confidence ? Display.Percent(confidence / 100) : null),
            new(T["Owner"], row.Owner),
            new(L["Kind"], row.Kind),
            new(L["Collection"], row.Collection),
            new(L["Tags"], row.Tags.Count == 0 ? null : string.Join(", ", row.Tags)),
            new(L["KeepUntil"], row.KeepUntil is { } kept ? Display.Date(kept) : null),
            new(T["Added"], Display.Exact(row.CreatedAt)),
            new(T["ReadIn"], row is { ReadStartedAt: { } started, ReadEndedAt: { } ended } ? Display.Duration(ended - started) : null),
            new(T["Steps"], details.Steps.Count == 0 ? null : string.Join(" · ", details.Steps.Select(Step))),
            new(T["SameContent"], details.Same.Count == 0 ? null : string.Join(", ", details.Same.Select(same => same.Name))),
            new("SHA-256", details.Sha256),
        ];
    }

    private string Step(DocumentStepView step)
    {
        var name = T[step.Step switch { "inspect" => "StepInspect", "convert" => "StepConvert", "ocr" => "StepOcr", "searchable" => "StepSearchable", "classify" => "StepClassify", "extract" => "StepExtract", "validate" => "StepValidate", var other => other }];
        var runs = step.Runs > 1 ? $" × {Display.Number(step.Runs)}" : "";
        var outcome = step.Outcome == ReadOutcome.Ready ? "" : $" ({T[$"Outcome{step.Outcome}"]})";
        return $"{name}{runs} {Display.Duration(TimeSpan.FromMilliseconds(step.Milliseconds))}{outcome}";
    }
}
