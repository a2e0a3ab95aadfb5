namespace BlazorAdmin.Live;

/// <summary>
/// How far a reader of ever-growing ids has come. Ids become visible in the order of commits, not of values, so an id that
/// is missing may still come: it is waited for until <paramref name="patience"/> is over, then taken for rolled back.
/// </summary>
public sealed class OutboxCursor(TimeSpan patience, TimeProvider time)
{
    // Ids above the first missing one, each with the time it was seen: everything below it may lag so much behind.
    private readonly SortedDictionary<long, long> _seen = [];

    /// <summary>Every id up to here is done: read from the next one on.</summary>
    public long Low { get; private set; }

    /// <summary>Begins behind <paramref name="present"/>, what is visible now, ascending; ids missing between them are still waited for.</summary>
    public void Begin(IReadOnlyList<long> present)
    {
        _seen.Clear();
        Low = present.Count == 0 ? 0 : present[0] - 1;
        foreach (var id in present) Take(id);
        Advance();
    }

    /// <returns>False if the id was taken before.</returns>
    public bool Take(long id) => id > Low && _seen.TryAdd(id, time.GetTimestamp());

    /// <summary>To be called after each read: moves <see cref="Low"/> over what is done and what will not come any more.</summary>
    public void Advance()
    {
        var given = new List<long>();
        foreach (var (id, seenAt) in _seen)
        {
            if (id != Low + 1 && time.GetElapsedTime(seenAt) < patience) break;
            Low = id;
            given.Add(id);
        }

        foreach (var id in given) _seen.Remove(id);
    }
}
