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

    private Guid? _owner;

    private string ExportUrl => Scope == DocumentScope.All ? "/admin/documents/export" : "/documents/export";

    protected override async Task OnInitializedAsync()
    {
        _filters = DocumentLists.Filters(T);
        _columns = [.. DocumentColumns.Of(T, Display, withOwner: Scope == DocumentScope.All)];
        _owner = (await Caller.GetAsync(Ended))?.UserId;
    }

    protected override void Subscribe() => Watch(Changes, change => Scope == DocumentScope.All || change.OwnerId == _owner);

    protected override async Task RefreshAsync(CancellationToken cancellation)
    {
        if (_list is not null) await _list.ReloadAsync();
    }

    private Task<ListPage<DocumentRow>> Load(ListQuery query, CancellationToken cancellation) => Library.List(Scope, query, cancellation);

    private string TitleOf(string id) => _list?.Rows.FirstOrDefault(row => row.Id.ToString() == id)?.Name ?? T["Document"];

    private async Task Delete(ListSelection selection)
    {
        if (IsForAJob(selection) ? await Commands.Start(DocumentCommand.Delete, Scope, selection) : await Commands.Delete(await Picked(selection))) _list?.ClearSelection();
    }

    private async Task ReadAgain(ListSelection selection)
    {
        if (IsForAJob(selection) ? await Commands.Start(DocumentCommand.ReadAgain, Scope, selection) : await Commands.ReadAgain(await Picked(selection))) _list?.ClearSelection();
    }

    private static bool IsForAJob(ListSelection selection) => selection is { AllThatMatch: true, Count: var count } && (count.More || count.Count > DocumentsService.LargestCommand);

    private async Task<IReadOnlyList<PickedDocument>> Picked(ListSelection selection)
    {
        var names = (_list?.Rows ?? []).ToDictionary(row => row.Id, row => row.Name);
        var ids = selection.AllThatMatch ? await Library.Ids(Scope, selection.Query, Ended) : [.. selection.Ids.Select(Guid.Parse)];
        return [.. ids.Select(id => new PickedDocument(id, names.GetValueOrDefault(id)))];
    }
}
