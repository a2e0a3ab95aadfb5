namespace BlazorAdmin.Shell.Lists;

/// <summary>Reads rows in the order of their ids, from <paramref name="start"/> on (null: from the end that comes first).</summary>
/// <param name="down">Towards smaller ids.</param>
/// <returns>At most <paramref name="count"/> rows, and the id at which the reader gave up before it had looked at everything; null if it has.</returns>
internal delegate Task<(List<TRow> Found, long? Stopped)> IdReader<TRow>(long? start, bool down, int count);

/// <summary>Pages of a table whose ids grow with time, for readers that <see cref="Keyset{T}"/> does not cover: the cursor is an id alone.</summary>
/// <param name="sort">Name of the list's only order.</param>
/// <param name="descending">The newest come first.</param>
internal sealed class IdPages<TRow>(string sort, bool descending, Func<TRow, long> idOf)
{
    /// <param name="countNew">How many rows stand above the anchor; asked only for a reload in place.</param>
    public async Task<ListPage<TRow>> ReadAsync(ListQuery query, IdReader<TRow> read, Func<long, Task<ListTotal>> countNew)
    {
        var place = KeysetCursor.Decode(query.Anchor ?? query.Cursor, sort, descending) is { } cursor && long.TryParse(cursor.Id, out var at) ? (cursor.Backward, Id: at) : default((bool Backward, long Id)?);
        var isAnchored = query.Anchor is not null && place is not null;
        var backward = place is { Backward: true } && !isAnchored;
        var down = descending != backward;
        long? start = place is not { } from ? null : isAnchored ? from.Id : down ? from.Id - 1 : from.Id + 1;
        var size = Math.Clamp(query.PageSize, 1, ListQuery.LargestPage);
        var (found, stopped) = await read(start, down, size + 1);
        var more = found.Count > size;
        if (more) found.RemoveAt(size);
        var isUnfinished = !more && stopped is not null;
        // The start is reached: a whole first page instead of its remainder.
        if (backward && !more && !isUnfinished) return await ReadAsync(query.WithCursor(null), read, countNew);
        if (backward) found.Reverse();
        var (first, last) = (found.Count > 0 ? idOf(found[0]) : (long?)null, found.Count > 0 ? idOf(found[^1]) : (long?)null);
        // Where the search stopped; a page that found nothing goes on from there as well.
        var searchOn = isUnfinished ? Cursor(stopped, backward) : null;
        return new ListPage<TRow>(found)
        {
            First = Cursor(first, backwards: false),
            Previous = backward ? searchOn ?? Cursor(first, backwards: true) : place is not null && query.Cursor is not null ? Cursor(first ?? place.Value.Id, backwards: true) : null,
            // A page backwards without rows began above the row that it came from, which belongs to the next one.
            Next = backward ? Cursor(last ?? place!.Value.Id + (descending ? 1 : -1), backwards: false) : searchOn ?? (more ? Cursor(last, backwards: false) : null),
            SearchOn = searchOn,
            PendingNew = isAnchored && query.Cursor is null ? await countNew(place!.Value.Id) : default,
        };
    }

    private string? Cursor(long? id, bool backwards) =>
        id is { } number ? new KeysetCursor(sort, descending, backwards, KeysetValue.Write(number), KeysetValue.Write(number)!).Encode() : null;
}
