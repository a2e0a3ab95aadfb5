using BlazorAdmin.Shell.Lists;

namespace BlazorAdmin.Tests.Shell.Lists;

/// <summary>Few rows among many ids, looked at a hundred ids a page.</summary>
public sealed class IdPagesTests
{
    private static readonly IdPages<long> Newest = new("id", descending: true, id => id);
    private static readonly IdPages<long> Oldest = new("id", descending: false, id => id);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Read_BackwardsOverASparseStretch_StopsThereAndGoesOnBackwards(bool descending)
    {
        long[] rows = [990, 980, 20, 10];
        var (pages, top) = (descending ? Newest : Oldest, descending ? rows[..2] : [10L, 20]);
        var query = new ListQuery { PageSize = 2 };
        var page = await ReadAsync(pages, query, rows);
        page.Rows.ShouldBe(top);
        while (page.Rows.Count == 0 || page.Rows.SequenceEqual(top)) page = await ReadAsync(pages, query.WithCursor(page.Next), rows);
        var bottom = page.Rows;

        var back = await ReadAsync(pages, query.WithCursor(page.Previous), rows);

        (back.Rows.Count, back.IsUnfinished).ShouldBe((0, true));
        back.SearchOn.ShouldBe(back.Previous);
        (await ReadAsync(pages, query.WithCursor(back.Next), rows)).Rows.ShouldBe(bottom);
        while (back.Rows.Count == 0) back = await ReadAsync(pages, query.WithCursor(back.SearchOn), rows);
        back.Rows.ShouldBeSubsetOf(top);
    }

    private static Task<ListPage<long>> ReadAsync(IdPages<long> pages, ListQuery query, long[] rows) => pages.ReadAsync(
        query,
        (start, down, count) =>
        {
            var (from, to) = down ? ((start ?? 1_000) - 99, start ?? 1_000) : (start ?? 1, (start ?? 1) + 99);
            var found = rows.Where(id => id >= from && id <= to).OrderBy(id => down ? -id : id).Take(count).ToList();
            var isLeft = down ? from > 1 : to < 1_000;
            return Task.FromResult((found, found.Count < count && isLeft ? (down ? from : to) : (long?)null));
        },
        _ => Task.FromResult(default(ListTotal)));
}
