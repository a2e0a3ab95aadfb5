using BlazorAdmin.Features.Documents.Reading;

namespace BlazorAdmin.Features.Documents.Extraction;

/// <summary>Finds the entities of a document, page by page, in time linear in its text.</summary>
public static class EntityFinder
{
    /// <summary>More mentions than this are not kept: nobody reads them.</summary>
    public const int Most = 10_000;

    // What is more certain of its characters wins over what only looks like them. Own rules stand beside everything.
    private static readonly string[] Stronger =
        [EntityKinds.Iban, EntityKinds.Vat, EntityKinds.Email, EntityKinds.Date, EntityKinds.Invoice, EntityKinds.Phone, EntityKinds.Amount, EntityKinds.Organisation, EntityKinds.Person, EntityKinds.Place];

    /// <summary>Mentions in the order of the text, and warnings about own rules.</summary>
    public static (IReadOnlyList<FoundEntity> Found, IReadOnlyList<ReadReason> Warnings) Find(IReadOnlyList<EntityPage> pages, IReadOnlyCollection<OwnRule> rules, CancellationToken cancel)
    {
        var own = new OwnRuleFinder(rules);
        var monthFirst = DateFinder.MonthFirst(pages);
        var found = new List<FoundEntity>();
        var warnings = new List<ReadReason>();
        foreach (var page in pages)
        {
            cancel.ThrowIfCancellationRequested();
            var entities = new PageEntities(page);
            DateFinder.Find(entities, monthFirst);
            AmountFinder.Find(entities);
            CodeFinder.Find(entities);
            ContactFinder.Find(entities);
            NameFinder.Find(entities);
            var kept = WithoutOverlaps(page.Text, entities.Found);
            var more = new PageEntities(page);
            own.Find(more);
            found.AddRange(kept.Concat(more.Found.DistinctBy(one => (one.Kind, one.Start, one.Length))).OrderBy(one => one.Start).ThenByDescending(one => one.Length));
            if (found.Count <= Most) continue;
            found.RemoveRange(Most, found.Count - Most);
            warnings.Add(new ReadReason("TooManyMentions", Most.ToString(System.Globalization.CultureInfo.InvariantCulture)));
            break;
        }
        return (found, [.. own.Warnings, .. warnings]);
    }

    private static List<FoundEntity> WithoutOverlaps(string text, IReadOnlyList<FoundEntity> found)
    {
        var taken = new bool[text.Length];
        var kept = new List<FoundEntity>(found.Count);
        foreach (var one in found.OrderBy(one => Array.IndexOf(Stronger, one.Kind)).ThenByDescending(one => one.Length).ThenByDescending(one => one.Confidence))
        {
            var span = taken.AsSpan(one.Start, one.Length);
            if (span.Contains(true)) continue;
            span.Fill(true);
            kept.Add(one);
        }
        return kept;
    }
}
