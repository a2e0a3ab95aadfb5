namespace BlazorAdmin.Shell.Lists;

/// <summary>Queries without a common row, read as one.</summary>
internal static class Parts
{
    /// <summary>The first rows of every part together: what the first rows of all of them can be.</summary>
    /// <param name="order">Puts a part in the order in which its rows are the first; it reads an index.</param>
    public static IQueryable<T> FirstOf<T>(this IReadOnlyList<IQueryable<T>> parts, int count, Func<IQueryable<T>, IQueryable<T>> order) =>
        parts is [var only] ? order(only) : parts.Select(part => order(part).Take(count)).Aggregate(static (first, second) => first.Concat(second));
}
