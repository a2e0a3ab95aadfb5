namespace BlazorAdmin.Features.Documents.Extraction;

/// <summary>Where the mentions that people judged stand in a text that was read or put right again.</summary>
internal static class MentionPlaces
{
    /// <summary><see cref="EntityMention.Start"/> of a mention whose text is not in the document any more; it is kept, and found again when the text comes back.</summary>
    public const int Lost = -1;

    /// <summary>Moves each mention to the nearest place where its text stands: on its page, then on the pages around it.</summary>
    public static void FindAgain(IReadOnlyList<EntityMention> mentions, IReadOnlyList<EntityPage> pages)
    {
        var taken = new HashSet<(string Kind, int Page, int Start)>();
        foreach (var mention in mentions.OrderBy(one => one.Page).ThenBy(one => one.Start))
        {
            (mention.Page, mention.Start) = pages.OrderBy(page => Math.Abs(page.Number - mention.Page)).ThenBy(page => page.Number)
                .Select(page => (page.Number, Nearest(page, mention, taken))).FirstOrDefault(place => place.Item2 >= 0, (mention.Page, Lost));
            if (mention.Start != Lost) taken.Add((mention.Kind, mention.Page, mention.Start));
        }
    }

    private static int Nearest(EntityPage page, EntityMention mention, HashSet<(string, int, int)> taken)
    {
        var (best, wanted) = (Lost, page.Number == mention.Page ? Math.Max(0, mention.Start) : 0);
        for (var at = page.Text.IndexOf(mention.Text, StringComparison.Ordinal); at >= 0; at = page.Text.IndexOf(mention.Text, at + 1, StringComparison.Ordinal))
        {
            // Further away from here on.
            if (best >= 0 && Math.Abs(at - wanted) > Math.Abs(best - wanted)) break;
            if (!taken.Contains((mention.Kind, page.Number, at))) best = at;
        }
        return best;
    }
}
