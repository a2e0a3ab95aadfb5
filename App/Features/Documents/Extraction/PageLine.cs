namespace BlazorAdmin.Features.Documents.Extraction;

/// <summary>The lines of a page with the entities that begin in them.</summary>
internal sealed record PageLine(int Page, int Start, string Text, IReadOnlyList<FoundEntity> Entities)
{
    public static IEnumerable<PageLine> Of(EntityPage page, IReadOnlyList<FoundEntity> entities)
    {
        var (start, next) = (0, 0);
        while (start <= page.Text.Length)
        {
            var end = page.Text.IndexOfAny(['\n', '\f'], start);
            if (end < 0) end = page.Text.Length;
            var inside = new List<FoundEntity>();
            while (next < entities.Count && entities[next].Start < end)
            {
                if (entities[next].Start >= start) inside.Add(entities[next]);
                next++;
            }
            yield return new PageLine(page.Number, start, page.Text[start..end], inside);
            start = end + 1;
        }
    }
}
