namespace BlazorAdmin.Features.Documents.Extraction;

/// <param name="Mention">The innermost mention over this piece; null: plain text.</param>
/// <param name="Ends">The mention's last piece.</param>
internal sealed record TextSegment(string Text, MentionView? Mention, bool Ends);

/// <summary>Cuts a text at the borders of its mentions, which may overlap: each piece belongs to the shortest mention over it.</summary>
internal static class TextSegments
{
    public static IReadOnlyList<TextSegment> Of(string text, IEnumerable<MentionView> mentions)
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
        return segments;
    }
}
