using BlazorAdmin.Live;
using BlazorAdmin.Security;
using BlazorAdmin.Shell;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;

namespace BlazorAdmin.Features.Dashboard;

/// <summary>The start page: one of the person's dashboards, or one that somebody shares. Which one, and whether it is edited, stands in the address.</summary>
public sealed partial class DashboardPage
{
    private const string Editing = "1";

    private BoardView? _view;
    private BoardEditor? _editor;
    private string? _failure;
    private (Guid? Board, bool Edit)? _shown;
    private int _loads;

    [SupplyParameterFromQuery(Name = "board")]
    private string? Board { get; set; }

    [SupplyParameterFromQuery(Name = "edit")]
    private string? Edit { get; set; }

    [Inject] private Dashboards Boards { get; init; } = null!;

    [Inject] private DashboardWidgets Widgets { get; init; } = null!;

    [Inject] private Topic<DashboardChanged> Changes { get; init; } = null!;

    [Inject] private Topic<AccessChanged> Access { get; init; } = null!;

    [Inject] private NavigationManager Navigation { get; init; } = null!;

    [Inject] private ILogger<DashboardPage> Log { get; init; } = null!;

    [Inject] private IStringLocalizer<DashboardTexts> T { get; init; } = null!;

    private string Title => _view?.Name ?? T["Dashboard"];

    private IReadOnlyList<PlacedWidget> Cards => _editor?.Widgets ?? _view?.Widgets ?? [];

    // A mangled link leads nowhere rather than to one's own dashboard.
    private Guid? Wanted => string.IsNullOrEmpty(Board) ? null : Guid.TryParse(Board, out var id) ? id : Guid.Empty;

    /// <summary>The address of a dashboard; null for what opens at the start.</summary>
    internal static string Address(Guid? board, bool edit = false) => (board, edit) switch
    {
        (null, false) => "/",
        (null, true) => $"/?edit={Editing}",
        ({ } id, false) => $"/?board={id}",
        ({ } id, true) => $"/?board={id}&edit={Editing}",
    };

    protected override async Task OnParametersSetAsync()
    {
        var wanted = (Wanted, Edit == Editing);
        if (_shown == wanted) return;
        var another = _shown?.Board != wanted.Item1 || _view is null;
        _shown = wanted;
        if (another) await ReloadAsync();
        else await EditOrViewAsync();
    }

    protected override void Subscribe()
    {
        Watch(Access);
        Watch(Changes, change => _view is { } view && (change.OwnerId == view.Person || change.Board == view.Id || (change.OwnerId is null && view.Kind is BoardKind.BuiltIn or BoardKind.RoleDefault)));
    }

    protected override async Task RefreshAsync(CancellationToken cancellation)
    {
        var load = _loads;
        try
        {
            var now = await Boards.OpenAsync(_editor?.BoardId ?? _shown?.Board, cancellation);
            if (load != _loads) return;
            _failure = null;
            if (_editor is null || _view is null) _view = now;
            else await FollowAsync(_editor, _view, now, cancellation);
        }
        catch (ForbiddenException)
        {
            // Signed out meanwhile: the shell leads to the sign-in page; nothing stays on screen until then.
            (_view, _editor) = (null, null);
        }
    }

    private async Task FollowAsync(BoardEditor editor, BoardView before, BoardView now, CancellationToken cancellation)
    {
        var gallery = await Boards.GalleryAsync(cancellation);
        // Another dashboard was opened meanwhile.
        if (editor != _editor || before != _view) return;
        if (editor.Widgets.All(placed => gallery.Contains(placed.Widget)))
        {
            if (editor.BoardId is not null) editor.Overtaken(now.Notice == BoardNotice.Gone ? 0 : now.Version);
            else if (now.Kind == BoardKind.Own) editor.Overtaken(now.Version);
            _view = before with { Boards = now.Boards, Name = now.Name ?? before.Name, Shared = now.Shared };
            return;
        }

        // A right was taken away, and with it cards: they go at once.
        _view = now;
        await EditOrViewAsync();
    }

    private async Task ReloadAsync()
    {
        var load = ++_loads;
        try
        {
            var view = await Boards.OpenAsync(_shown?.Board, Ended);
            if (load != _loads) return;
            (_view, _failure) = (view, null);
            await EditOrViewAsync();
        }
        catch (ForbiddenException)
        {
            (_view, _editor) = (null, null);
        }
        catch (OperationCanceledException) when (Ended.IsCancellationRequested)
        {
            // The page is gone, and with it whoever waited.
            return;
        }
        catch (Exception exception)
        {
            _failure = ErrorReference.New();
            Log.ChangeFailed(exception, _failure);
        }
    }

    private async Task EditOrViewAsync()
    {
        if (_editor is not null) _editor.Changed -= StateHasChanged;
        _editor = null;
        if (_shown is not (_, true) || _view is not { Kind: not BoardKind.Shared } view) return;
        var gallery = await Boards.GalleryAsync(Ended);
        if (view != _view) return;
        _editor = new BoardEditor(Boards, Widgets, view, gallery, T, Log);
        _editor.Changed += StateHasChanged;
    }

    private async Task DoneAsync()
    {
        if (_editor is not null) _editor.Changed -= StateHasChanged;
        _editor = null;
        _shown = (_shown?.Board, false);
        await ReloadAsync();
        Navigation.NavigateTo(Address(_shown?.Board));
    }

    /// <summary>Goes on editing with what another page has made of the dashboard.</summary>
    private Task LoadOtherAsync() => ReloadAsync();
}
