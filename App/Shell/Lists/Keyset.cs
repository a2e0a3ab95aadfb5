using System.Linq.Expressions;

namespace BlazorAdmin.Shell.Lists;

/// <summary>
/// Pages a query by key: the place is the last row's sort key and id, so that page 10,000 costs what page 1 costs and rows that come or go
/// shift nothing. Each order is (key, id) in one direction, which one composite index serves both ways, on PostgreSQL and on SQL Server.
/// </summary>
public sealed class Keyset<T>
{
    private const int NewCountedTo = 99;

    private readonly Dictionary<string, KeysetOrder<T>> _orders = [];
    private readonly LambdaExpression _id;
    private readonly string _defaultSort;
    private readonly bool _defaultDescending;

    private Keyset(LambdaExpression id, string defaultSort, bool defaultDescending) =>
        (_id, _defaultSort, _defaultDescending) = (id, defaultSort, defaultDescending);

    /// <summary>An order needs a unique, non-null id as tiebreak. The default sort applies when the query names none or an unknown one.</summary>
    public static Keyset<T> Create<TId>(Expression<Func<T, TId>> id, string defaultSort, bool descending = false)
    {
        Require(id);
        return new Keyset<T>(id, defaultSort, descending);
    }

    /// <summary>Adds a sortable column. Nullable value types are known to be nullable; a string column says it.</summary>
    /// <exception cref="ArgumentException">The key's type has no order that both databases and the cursor can express, such as bool or an enum.</exception>
    public Keyset<T> By<TKey>(string name, Expression<Func<T, TKey>> key, bool nullable = false)
    {
        Require(key);
        _orders.Add(name, new KeysetOrder<T>(key, _id, nullable || Nullable.GetUnderlyingType(typeof(TKey)) is not null));
        return this;
    }

    /// <summary>The query in the list's order, without paging: for exports.</summary>
    public IQueryable<T> Ordered(IQueryable<T> source, ListQuery query)
    {
        var (_, order, descending) = Resolve(query);
        return order.Sort(source, ascending: !descending);
    }

    /// <summary>One page. With an anchor the page starts at that row again and PendingNew counts what now stands above it.</summary>
    public Task<ListPage<TRow>> Page<TRow>(DbContext db, IQueryable<T> source, ListQuery query, Expression<Func<T, TRow>> row, CancellationToken cancellation) =>
        Page(db, [source], query, row, cancellation);

    /// <summary>The same from parts without a common row, each of which reads an index in order. In one union the servers would sort all rows of all parts.</summary>
    public async Task<ListPage<TRow>> Page<TRow>(DbContext db, IReadOnlyList<IQueryable<T>> parts, ListQuery query, Expression<Func<T, TRow>> row, CancellationToken cancellation)
    {
        var (sort, order, descending) = Resolve(query);
        // Unordered, the databases disagree on where nulls stand; the index order of each is kept.
        var nullsHigh = db.Database.ProviderName?.Contains("SqlServer", StringComparison.Ordinal) != true;
        var place = Read(order, query.Anchor ?? query.Cursor, sort, descending);
        var inclusive = place is not null && query.Anchor is not null;
        var backward = place is { Cursor.Backward: true } && !inclusive;
        var ascending = descending == backward;

        var size = Math.Clamp(query.PageSize, 1, ListQuery.LargestPage);
        var rows = parts.FirstOf(size + 1, part => order.Sort(place is { } from ? part.Where(order.From(from.Key, from.Id, ascending, inclusive, nullsHigh)) : part, ascending));
        var found = await order.Sort(rows, ascending).Select(order.With(row)).Take(size + 1).ToListAsync(cancellation);

        var more = found.Count > size;
        if (backward && !more && place is not null)
        {
            // The start is reached: show a whole first page instead of its remainder.
            return await Page(db, parts, query.WithCursor(null), row, cancellation);
        }
        if (more) found.RemoveAt(size);
        if (backward) found.Reverse();

        var before = backward || (place is not null && query.Cursor is not null);
        var after = backward || more;
        var news = inclusive && query.Cursor is null
            ? await parts.FirstOf(NewCountedTo + 1, part => order.Sort(part.Where(order.From(place!.Value.Key, place.Value.Id, !ascending, inclusive: false, nullsHigh)), !ascending)).CountUpTo(NewCountedTo, cancellation)
            : default;
        return new ListPage<TRow>(found.ConvertAll(item => item.Row))
        {
            First = found.Count == 0 ? null : Cursor(found[0], backward: false),
            Previous = before && found.Count > 0 ? Cursor(found[0], backward: true) : null,
            Next = after && found.Count > 0 ? Cursor(found[^1], backward: false) : null,
            PendingNew = news,
        };

        string Cursor(KeysetRow<TRow> item, bool backward) =>
            new KeysetCursor(sort, descending, backward, KeysetValue.Write(item.Key), KeysetValue.Write(item.Id)!).Encode();
    }

    private static (KeysetCursor Cursor, object? Key, object Id)? Read(KeysetOrder<T> order, string? text, string sort, bool descending)
    {
        if (KeysetCursor.Decode(text, sort, descending) is not { } cursor) return null;
        return order.TryRead(cursor, out var key, out var id) ? (cursor, key, id) : null;
    }

    private (string Sort, KeysetOrder<T> Order, bool Descending) Resolve(ListQuery query) => query.Sort is { } sort && _orders.TryGetValue(sort, out var order)
        ? (sort, order, query.Descending)
        : (_defaultSort, _orders[_defaultSort], _defaultDescending);

    private static void Require(LambdaExpression key)
    {
        if (!KeysetValue.Supports(key.ReturnType)) throw new ArgumentException($"{key.ReturnType.Name} has no order that a keyset can use.", nameof(key));
    }
}
