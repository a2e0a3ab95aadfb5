namespace BlazorAdmin.Shell.Lists;

public static class Counting
{
    /// <summary>Where lists stop to count: at ten million rows a full count costs half a second.</summary>
    public const int Limit = 10_000;

    /// <summary>Counts in SQL and stops one past the limit.</summary>
    public static async Task<ListTotal> CountUpTo<T>(this IQueryable<T> source, int limit = Limit, CancellationToken cancellation = default)
    {
        return UpTo(await source.Take(limit + 1).CountAsync(cancellation), limit);
    }

    public static Task<ListTotal> CountUpTo<T>(this IQueryable<T> source, CancellationToken cancellation) => source.CountUpTo(Limit, cancellation);

    /// <summary>Where to stop in each of so many groups that are counted in one statement, so that all of them together stay cheap: from 10,000 down to 10.</summary>
    public static int LimitOfEach(int groups) => groups switch
    {
        <= 3 => Limit,
        <= 100 => 1_000,
        <= 2_000 => 100,
        <= 4_000 => 50,
        _ => 10,
    };

    /// <summary>What a statement counted that stopped one past the limit.</summary>
    public static ListTotal UpTo(int counted, int limit) => counted > limit ? new ListTotal(limit, More: true) : new ListTotal(counted);
}
