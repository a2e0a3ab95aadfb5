namespace BlazorAdmin.Features.Documents.Extraction;

/// <param name="Mention">The innermost mention over this piece; null: plain text.</param>
/// <param name="Ends">The mention's last piece.</param>
internal sealed record TextSegment(string Text, MentionView? Mention, bool Ends)
{
    /// <summary>The text, cut where words of a search begin and end.</summary>
    public IReadOnlyList<SnippetPart> Parts { get; init; } = [new(Text, false)];
}

/// <summary>Cuts a text at the borders of its mentions, which may overlap: each piece belongs to the shortest mention over it.</summary>
internal static class TextSegments
{
    /// <param name="words">The whole text in parts, the words of a search marked; null: none.</param>
    public static IReadOnlyList<TextSegment> Of(string text, IEnumerable<MentionView> mentions, IReadOnlyList<SnippetPart>? words = null)
    {
        var inside = mentions.Where(mention => mention.Start >= 0 && mention.Length > 0 && mention.End <= text.Length).OrderBy(mention => mention.Start).ThenByDescending(mention => mention.Length).ToList();
        var borders = new SortedSet<int>(inside.SelectMany(mention => new[] { mention.Start, mention.End })) { 0, text.Length };
        var (segments, open, next, from) = (new List<TextSegment>(), new List<MentionView>(), 0, 0);
        foreach (var to in borders.Skip(1))
        {
            open.RemoveAll(mention => mention.End <= from);
            for (; next < inside.Count && inside[next].Start <= from; next++) open.Add(inside[next]);
            var innermost = open.MinBy(mention => mention.Length);
            if (segments.Count > 0 && segments[^1] is { } last && last.Mention?.Id == innermost?.Id) segments[^1] = new TextSegment(last.Text + text[from..to], innermost, innermost?.End == to);
            else segments.Add(new TextSegment(text[from..to], innermost, innermost?.End == to));
            from = to;
        }
        return words is null || !words.Any(part => part.IsHit) ? segments : Cut(segments, words);
    }

    private static List<TextSegment> Cut(List<TextSegment> segments, IReadOnlyList<SnippetPart> words)
    {
        var (cut, next, used) = (new List<TextSegment>(segments.Count), 0, 0);
        foreach (var segment in segments)
        {
            var parts = new List<SnippetPart>();
            for (var left = segment.Text.Length; left > 0;)
            {
                var take = Math.Min(left, words[next].Text.Length - used);
                parts.Add(new SnippetPart(words[next].Text.Substring(used, take), words[next].IsHit));
                (left, used) = (left - take, used + take);
                if (used == words[next].Text.Length) (next, used) = (next + 1, 0);
            }
            cut.Add(segment with { Parts = parts });
        }
        return cut;
    }
}
