namespace BlazorAdmin.Features.Dashboard;

/// <summary>The states of a dashboard in one session of editing, and where one is among them.</summary>
public sealed class BoardHistory(IReadOnlyList<PlacedWidget> start)
{
    /// <summary>Changes that can be taken back; older ones stay as they are.</summary>
    public const int MostSteps = 200;

    private readonly LinkedList<IReadOnlyList<PlacedWidget>> _past = [];
    private readonly Stack<IReadOnlyList<PlacedWidget>> _future = [];

    public IReadOnlyList<PlacedWidget> Start { get; } = start;

    public IReadOnlyList<PlacedWidget> Present { get; private set; } = start;

    public bool CanUndo => _past.Count > 0;

    public bool CanRedo => _future.Count > 0;

    /// <summary>A change by the person; what was taken back before it cannot be brought back any more.</summary>
    /// <returns>False if it changes nothing.</returns>
    public bool Apply(IReadOnlyList<PlacedWidget> next)
    {
        if (Same(next, Present)) return false;
        _past.AddLast(Present);
        if (_past.Count > MostSteps) _past.RemoveFirst();
        _future.Clear();
        Present = next;
        return true;
    }

    public bool Undo()
    {
        if (_past.Last is not { } last) return false;
        _past.RemoveLast();
        _future.Push(Present);
        Present = last.Value;
        return true;
    }

    public bool Redo()
    {
        if (!_future.TryPop(out var next)) return false;
        _past.AddLast(Present);
        Present = next;
        return true;
    }

    public static bool Same(IReadOnlyList<PlacedWidget> one, IReadOnlyList<PlacedWidget> other) => one.SequenceEqual(other);
}
