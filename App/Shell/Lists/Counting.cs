namespace BlazorAdmin.Shell.Lists;

public static class Counting
{
    /// <summary>Where lists stop to count: at ten million rows a full count costs half a second.</summary>
    public const int Limit = 10_000;

    /// <summary>Counts in SQL and stops one past the limit.</summary>
    public static async Task<ListTotal> CountUpTo<T>(this IQueryable<T> source, int limit = Limit, CancellationToken cancellation = default)
    {
        var count = await source.Take(limit + 1).CountAsync(cancellation);
        return count > limit ? new ListTotal(limit, More: true) : new ListTotal(count);
    }

    public static Task<ListTotal> CountUpTo<T>(this IQueryable<T> source, CancellationToken cancellation) => source.CountUpTo(Limit, cancellation);
}
