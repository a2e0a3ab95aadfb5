using BlazorAdmin.Features.Documents.Collections;
using BlazorAdmin.Features.Documents.Editing;
using BlazorAdmin.Live;
using BlazorAdmin.Security;
using BlazorAdmin.Shell;
using BlazorAdmin.Shell.Controls;
using BlazorAdmin.Shell.Lists;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;

namespace BlazorAdmin.Features.Documents;

/// <summary>The live list of documents: one's own or everybody's.</summary>
public sealed partial class DocumentList
{
    private IReadOnlyList<ListColumn<DocumentRow>> _columns = [];
    private IReadOnlyList<ListFilter> _filters = [];
    private DataList<DocumentRow>? _list;

    [Parameter, EditorRequired] public DocumentScope Scope { get; set; }

    [Inject] private DocumentLibrary Library { get; init; } = null!;

    [Inject] private DocumentCommands Commands { get; init; } = null!;

    [Inject] private Topic<DocumentChanged> Changes { get; init; } = null!;

    [Inject] private CurrentCaller Caller { get; init; } = null!;

    [Inject] private Display Display { get; init; } = null!;

    [Inject] private IStringLocalizer<DocumentsTexts> T { get; init; } = null!;

    [Inject] private DocumentChoices Choosing { get; init; } = null!;

    [Inject] private Topic<CollectionsChanged> Collections { get; init; } = null!;

    /// <summary>A role that opened a collection may be gone.</summary>
    [Inject] private Topic<AccessChanged> Access { get; init; } = null!;

    [Inject] private IStringLocalizer<LibraryTexts> L { get; init; } = null!;

    private Guid? _owner;
    private EditDialog? _editor;
    private bool _isCut;

    private string ExportUrl => Scope switch
    {
        DocumentScope.All => "/admin/documents/export",
        DocumentScope.Shared => "/documents/shared/export",
        _ => "/documents/export",
    };

    protected override async Task OnInitializedAsync()
    {
        _columns = [.. DocumentColumns.Of(T, L, Display, withOwner: Scope != DocumentScope.Own)];
        _filters = DocumentLists.Filters(T, L, Choices.None, Scope);
        _owner = (await Caller.GetAsync(Ended))?.UserId;
        await Choose(Ended);
    }

    protected override void Subscribe()
    {
        // Until the person is known every change may be theirs.
        Watch(Changes, change => Scope != DocumentScope.Own || _owner is null || change.OwnerId == _owner);
        Watch(Collections);
        Watch(Access);
    }

    private async Task Choose(CancellationToken cancellation)
    {
        try
        {
            _filters = DocumentLists.Filters(T, L, await Choosing.Get(cancellation), Scope);
        }
        catch (ForbiddenException)
        {
            // The rows say so.
        }
    }

    protected override async Task RefreshAsync(CancellationToken cancellation)
    {
        if (_list is not null) await _list.ReloadAsync();
    }

    private async Task<ListPage<DocumentRow>> Load(ListQuery query, CancellationToken cancellation)
    {
        var page = await Library.List(Scope, query, cancellation);
        var isCut = query.Search.Length > 0 && page.Total is { More: true };
        if (isCut == _isCut) return page;
        _isCut = isCut;
        StateHasChanged();
        return page;
    }

    private async Task Edit(ListSelection selection)
    {
        if (IsForAJob(selection))
        {
            await _editor!.Open(Scope, selection.Query.Matching());
            return;
        }
        var picked = await Picked(selection);
        await _editor!.Open([.. picked.Select(one => one.Id)], picked is [{ Name: { } name }] ? name : null);
    }

    private string TitleOf(string id) => _list?.Rows.FirstOrDefault(row => row.Id.ToString() == id)?.Name ?? T["Document"];

    private async Task Delete(ListSelection selection)
    {
        if (IsForAJob(selection) ? await Commands.Start(DocumentCommand.Delete, Scope, selection) : await Commands.Delete(await Picked(selection))) _list?.ClearSelection();
    }

    private async Task ReadAgain(ListSelection selection)
    {
        if (IsForAJob(selection) ? await Commands.Start(DocumentCommand.ReadAgain, Scope, selection) : await Commands.ReadAgain(await Picked(selection))) _list?.ClearSelection();
    }

    private async Task FindAgain(ListSelection selection)
    {
        if (IsForAJob(selection) ? await Commands.Start(DocumentCommand.FindAgain, Scope, selection) : await Commands.FindAgain(await Picked(selection))) _list?.ClearSelection();
    }

    private static bool IsForAJob(ListSelection selection) => selection is { AllThatMatch: true, Count: var count } && (count.More || count.Count > DocumentsService.LargestCommand);

    private async Task<IReadOnlyList<PickedDocument>> Picked(ListSelection selection)
    {
        var names = (_list?.Rows ?? []).ToDictionary(row => row.Id, row => row.Name);
        var ids = selection.AllThatMatch ? await Library.Ids(Scope, selection.Query, Ended) : [.. selection.Ids.Select(Guid.Parse)];
        return [.. ids.Select(id => new PickedDocument(id, names.GetValueOrDefault(id)))];
    }
}
