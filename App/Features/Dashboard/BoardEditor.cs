using System.Globalization;
using BlazorAdmin.Shell;
using Microsoft.Extensions.Localization;

namespace BlazorAdmin.Features.Dashboard;

public enum EditState
{
    Saved,
    Saving,

    /// <summary>Another page has changed the dashboard: nothing more is kept until its state is loaded.</summary>
    Conflict,

    /// <summary>Another page has deleted the dashboard.</summary>
    Gone,

    /// <summary>The last change could not be kept; it is tried again with the next one.</summary>
    Failed,
}

/// <summary>
/// One person edits one dashboard. Each change shows at once and is kept at once, so a lost connection loses nothing that
/// was seen as kept; changes that come while one is being kept go together. All members run on the circuit's dispatcher.
/// </summary>
public sealed class BoardEditor(Dashboards boards, DashboardWidgets widgets, BoardView view, IReadOnlyList<DashboardWidget> gallery, IStringLocalizer<DashboardTexts> texts, ILogger log)
{
    private readonly BoardHistory _history = new(view.Widgets);
    private Guid? _id = view.Id;
    private int _version = view.Version;
    private bool _dirty, _saved, _saving;
    private (string Key, IReadOnlyList<PlacedWidget> Before)? _held;

    /// <summary>Something to be drawn changed.</summary>
    public event Action? Changed;

    /// <summary>In the order in which they came, so that a card that moves keeps the focus.</summary>
    public IReadOnlyList<PlacedWidget> Widgets => _history.Present;

    public IReadOnlyList<DashboardWidget> Gallery => gallery;

    public Guid? BoardId => _id;

    public int Version => _version;

    public EditState State { get; private set; }

    /// <summary>Finds the log line of a failure; null while there is none.</summary>
    public string? Reference { get; private set; }

    /// <summary>The card whose settings are open.</summary>
    public PlacedWidget? Configured { get; private set; }

    /// <summary>What a screen reader says of the last change.</summary>
    public string Said { get; private set; } = "";

    /// <summary>Card whose handle takes the focus after the next drawing; empty: the button that adds one.</summary>
    public string? FocusOn { get; set; }

    public bool CanUndo => _history.CanUndo && IsOpen;

    public bool CanRedo => _history.CanRedo && IsOpen;

    public bool IsFull => Widgets.Count + view.LeftOut.Count >= BoardLayout.MostItems;

    private bool IsOpen => State is not (EditState.Conflict or EditState.Gone);

    public int CountOf(DashboardWidget widget) => Widgets.Count(placed => placed.Widget.Id == widget.Id);

    /// <summary>Names what is typed into the settings of a card and not applied: of this dashboard and this card.</summary>
    public string DraftOf(PlacedWidget placed) => $"{_id?.ToString() ?? "mine"}:{placed.Key}";

    public Task AddAsync(DashboardWidget widget)
    {
        if (IsFull) return SayAsync(texts["ProblemTooManyWidgets", BoardLayout.MostItems]);
        var key = BoardLayout.NewKey([.. Widgets.Select(placed => placed.ToItem()), .. view.LeftOut]);
        var place = GridLayout.Fit(Places(), widget.Width, widget.Height);
        FocusOn = key;
        return ApplyAsync([.. Widgets, widgets.Place(key, widget, place)], texts["SaidAdded", widgets.Text(widget, widget.TitleKey)]);
    }

    public Task RemoveAsync(string key)
    {
        var index = Index(key);
        if (index < 0) return Task.CompletedTask;
        var rest = Widgets.Where(placed => placed.Key != key).ToList();
        var title = Widgets[index].Title;
        FocusOn = rest.Count == 0 ? "" : rest[Math.Min(index, rest.Count - 1)].Key;
        return ApplyAsync(With(rest, GridLayout.Compact([.. rest.Select(placed => placed.Place)])), texts["SaidRemoved", title]);
    }

    /// <summary>With the mouse: to a corner.</summary>
    public Task MoveToAsync(string key, int x, int y) => ArrangeAsync(key, index => GridLayout.Move(Places(), index, x, y), "SaidMoved");

    /// <summary>With the keyboard: by one step.</summary>
    public Task StepAsync(string key, int right, int down)
    {
        Hold(key);
        return ArrangeAsync(key, index => GridLayout.Step(Places(), index, right, down), "SaidMoved");
    }

    /// <summary>With the mouse: to a size.</summary>
    public Task ResizeToAsync(string key, int width, int height) =>
        ArrangeAsync(key, index => GridLayout.Resize(Places(), index, width, height, Widgets[index].Widget.LeastWidth, Widgets[index].Widget.LeastHeight), "SaidSized");

    /// <summary>With the keyboard: by columns and rows.</summary>
    public Task GrowAsync(string key, int columns, int rows)
    {
        Hold(key);
        var index = Index(key);
        return index < 0 ? Task.CompletedTask : ResizeToAsync(key, Widgets[index].Place.W + columns, Widgets[index].Place.H + rows);
    }

    /// <summary>Ends a move with the keyboard and keeps it.</summary>
    public Task DropAsync(string key)
    {
        if (_held?.Key != key) return Task.CompletedTask;
        _held = null;
        return SayAsync(texts["SaidPlaced", Widgets[Index(key)].Title]);
    }

    /// <summary>Ends a move with the keyboard and puts everything where it was before.</summary>
    public Task TakeBackAsync(string key)
    {
        if (_held is not var (held, before) || held != key) return Task.CompletedTask;
        _held = null;
        return ApplyAsync(before, texts["SaidTakenBack", Widgets[Index(key)].Title]);
    }

    public void Open(string? key)
    {
        Configured = key is null ? null : Widgets.FirstOrDefault(placed => placed.Key == key);
        Changed?.Invoke();
    }

    /// <summary>Gives the open card other settings; each value must be one that its setting accepts.</summary>
    public Task ConfigureAsync(IReadOnlyDictionary<string, string> values)
    {
        if (Configured is not { } open) return Task.CompletedTask;
        var index = Index(open.Key);
        Configured = null;
        var settings = WidgetSettings.Of(open.Widget, values);
        if (settings.Equals(open.Settings)) return SayAsync("");
        return ApplyAsync([.. Widgets.Select((placed, i) => i == index ? placed with { Settings = settings } : placed)], texts["SaidConfigured", open.Title]);
    }

    /// <summary>Puts another layout in place of this one, as one change that can be taken back.</summary>
    public Task ReplaceAsync(BoardView by)
    {
        // What is kept without being shown has keys of its own.
        var taken = view.LeftOut.Select(item => item.Key).ToHashSet();
        var free = Enumerable.Range(1, int.MaxValue).Select(n => n.ToString(CultureInfo.InvariantCulture)).Where(key => !taken.Contains(key));
        return ApplyAsync([.. by.Widgets.Zip(free, (placed, key) => placed with { Key = key })], texts["SaidReset"]);
    }

    public Task UndoAsync() => CanUndo && _history.Undo() ? KeepAsync(texts["SaidUndone"]) : Task.CompletedTask;

    public Task RedoAsync() => CanRedo && _history.Redo() ? KeepAsync(texts["SaidRedone"]) : Task.CompletedTask;

    /// <summary>Takes all changes of this session back.</summary>
    /// <returns>False if that could not be kept.</returns>
    public async Task<bool> CancelAsync()
    {
        if (!_saved && !_dirty) return true;
        if (view.Id is null && _id is { } made)
        {
            // There was no dashboard of the person's own before.
            var problem = await boards.DeleteAsync(made);
            return problem is BoardProblem.None or BoardProblem.Gone;
        }

        _history.Apply(_history.Start);
        await KeepAsync("");
        return State == EditState.Saved;
    }

    /// <summary>Another page changed this dashboard.</summary>
    /// <param name="version">Of the layout now; 0 if it was deleted.</param>
    public void Overtaken(int version)
    {
        if (!IsOpen || (version != 0 && version <= _version) || _saving) return;
        State = version == 0 ? EditState.Gone : EditState.Conflict;
        Changed?.Invoke();
    }

    /// <summary>Keeps what could not be kept before.</summary>
    public Task RetryAsync() => KeepAsync("");

    private Task ArrangeAsync(string key, Func<int, GridPlace[]> arrange, string said)
    {
        var index = Index(key);
        if (index < 0) return Task.CompletedTask;
        var next = With(Widgets, arrange(index));
        var place = next[index].Place;
        return ApplyAsync(next, said == "SaidMoved" ? texts[said, next[index].Title, place.X + 1, place.Y + 1] : texts[said, next[index].Title, place.W, place.H]);
    }

    private Task ApplyAsync(IReadOnlyList<PlacedWidget> next, string said)
    {
        if (!IsOpen) return Task.CompletedTask;
        return _history.Apply(next) ? KeepAsync(said) : SayAsync(said);
    }

    private Task SayAsync(string said)
    {
        Said = said;
        Changed?.Invoke();
        return Task.CompletedTask;
    }

    private void Hold(string key)
    {
        if (_held?.Key != key) _held = (key, Widgets);
    }

    private async Task KeepAsync(string said)
    {
        Said = said;
        _dirty = true;
        if (_saving)
        {
            Changed?.Invoke();
            return;
        }

        _saving = true;
        State = EditState.Saving;
        Changed?.Invoke();
        try
        {
            while (_dirty && IsOpen)
            {
                _dirty = false;
                State = await SaveAsync();
            }
        }
        catch (Exception exception)
        {
            _dirty = true;
            State = EditState.Failed;
            Reference = ErrorReference.New();
            log.ChangeFailed(exception, Reference);
        }
        finally
        {
            _saving = false;
        }

        Changed?.Invoke();
    }

    private async Task<EditState> SaveAsync()
    {
        var saved = await boards.SaveAsync(_id, _version, new BoardLayout([.. Widgets.Select(placed => placed.ToItem()), .. view.LeftOut]));
        if (saved.Problem == BoardProblem.None)
        {
            (_id, _version, _saved) = (saved.Id, saved.Version, true);
            return EditState.Saved;
        }

        return saved.Problem switch
        {
            BoardProblem.Gone => EditState.Gone,
            BoardProblem.Conflict => EditState.Conflict,
            _ => throw new InvalidOperationException($"The layout was refused: {saved.Problem}."),
        };
    }

    private int Index(string key) => Widgets.Index().Where(one => one.Item.Key == key).Select(one => one.Index).DefaultIfEmpty(-1).First();

    private GridPlace[] Places() => [.. Widgets.Select(placed => placed.Place)];

    private static List<PlacedWidget> With(IReadOnlyList<PlacedWidget> cards, GridPlace[] places) => [.. cards.Select((placed, i) => placed.Place == places[i] ? placed : placed with { Place = places[i] })];
}
