namespace BlazorAdmin.Live;

/// <summary>
/// How far a reader of ever-growing ids has come. Ids become visible in the order of commits, not of values, so an id that
/// is missing may still come: it is waited for until <paramref name="patience"/> is over, then taken for rolled back.
/// </summary>
public sealed class OutboxCursor(TimeSpan patience, TimeProvider time)
{
    private readonly SortedSet<long> _seen = [];
    private long _waitingSince;

    /// <summary>Every id up to here is done: read from the next one on.</summary>
    public long Low { get; private set; }

    /// <summary>Begins behind <paramref name="present"/>, what is visible now, ascending; a few ids before are still waited for.</summary>
    public void Begin(IReadOnlyList<long> present)
    {
        _seen.Clear();
        Low = present.Count == 0 ? 0 : present[0] - 1;
        foreach (var id in present) Take(id);
        Advance();
    }

    /// <returns>False if the id was taken before.</returns>
    public bool Take(long id) => id > Low && _seen.Add(id);

    /// <summary>To be called after each read: moves <see cref="Low"/> over what is done.</summary>
    public void Advance()
    {
        if (MoveOverSeen()) _waitingSince = 0;
        if (_seen.Count == 0)
        {
            _waitingSince = 0;
            return;
        }

        if (_waitingSince == 0)
        {
            _waitingSince = time.GetTimestamp();
            return;
        }

        if (time.GetElapsedTime(_waitingSince) < patience) return;
        Low = _seen.Max;
        _seen.Clear();
        _waitingSince = 0;
    }

    private bool MoveOverSeen()
    {
        var moved = false;
        while (_seen.Count > 0 && _seen.Min == Low + 1)
        {
            Low = _seen.Min;
            _seen.Remove(Low);
            moved = true;
        }

        return moved;
    }
}
