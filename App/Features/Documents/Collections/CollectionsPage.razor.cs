using BlazorAdmin.Features.Documents.Editing;
using BlazorAdmin.Live;
using BlazorAdmin.Security;
using BlazorAdmin.Shell;
using BlazorAdmin.Shell.Controls;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;

namespace BlazorAdmin.Features.Documents.Collections;

public sealed partial class CollectionsPage
{
    private IReadOnlyList<CollectionRow> _rows = [];
    private ViewState _state = ViewState.Loading;
    private CollectionDialog? _dialog;
    private CollectionRow? _moved;
    private string _target = "";
    private bool _mayEdit;

    [Inject] private CollectionsService Collections { get; init; } = null!;

    [Inject] private LibraryCommands Commands { get; init; } = null!;

    [Inject] private Topic<CollectionsChanged> Changes { get; init; } = null!;

    [Inject] private Topic<DocumentChanged> Documents { get; init; } = null!;

    [Inject] private Guard Guard { get; init; } = null!;

    [Inject] private Confirmations Confirmations { get; init; } = null!;

    [Inject] private Toasts Toasts { get; init; } = null!;

    [Inject] private Display Display { get; init; } = null!;

    [Inject] private IStringLocalizer<LibraryTexts> T { get; init; } = null!;

    // The first change shows at once; while many come, counting them again now and then is enough.
    protected override TimeSpan RefreshInterval => TimeSpan.FromSeconds(10);

    protected override Task OnInitializedAsync() => RefreshAsync(Ended);

    protected override void Subscribe()
    {
        Watch(Changes);
        Watch(Documents, change => change.Version > 0);
    }

    protected override async Task RefreshAsync(CancellationToken cancellation)
    {
        try
        {
            _mayEdit = await Guard.Allows(DocumentsPermissions.ManageCollections, cancellation);
            _rows = await Collections.List(cancellation);
            _state = _rows.Count == 0 ? ViewState.Empty : ViewState.Ready;
        }
        catch (ForbiddenException)
        {
            (_rows, _state) = ([], ViewState.Forbidden);
        }
    }

    private Task Edit(CollectionRow row) => Commands.Try(async () =>
    {
        if (await Collections.Details(row.Id, Ended) is { } details) await _dialog!.Open(details);
        else Toasts.Show(Tone.Warn, T["CollectionGone"]);
    });

    private async Task Delete(CollectionRow row)
    {
        if (!await Confirmations.Ask(new Confirmation(T["DeleteNamed", row.Name], T["DeleteCollectionEffect"], T["Delete"]))) return;
        await Commands.Try(() => Delete(row, null));
        await RefreshAsync(Ended);
    }

    private async Task Move()
    {
        if (_moved is not { } row || !Guid.TryParse(_target, out var target)) return;
        _moved = null;
        await Commands.Try(() => Delete(row, target));
        await RefreshAsync(Ended);
    }

    private async Task Delete(CollectionRow row, Guid? target)
    {
        var result = await Collections.Delete(row.Id, target, CancellationToken.None);
        if (result.Problem == CollectionProblem.NotEmpty && _rows.Count > 1)
        {
            (_moved, _target) = (row, _rows.First(other => other.Id != row.Id).Id.ToString());
            return;
        }
        if (result.Problem != CollectionProblem.None) Toasts.Failed(T[$"Collection{result.Problem}"]);
        else Toasts.Done(T[result.Moving ? "CollectionMoving" : "CollectionDeleted", row.Name]);
    }
}
