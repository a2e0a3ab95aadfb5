using System.Text.RegularExpressions;

namespace BlazorAdmin.Features.Documents.Extraction;

/// <summary>Chooses the fields of a document among its mentions, by the words before them and their place.</summary>
internal static partial class FieldChooser
{
    private const int LinesOfHead = 14;
    private const int LinesOfAddress = 6;

    /// <param name="entities">In the order of the text.</param>
    public static IReadOnlyList<ExtractedField> Choose(IReadOnlyList<EntityPage> pages, IReadOnlyList<FoundEntity> entities, IReadOnlyCollection<OwnRule> rules)
    {
        var byPage = entities.GroupBy(one => one.Page).ToDictionary(group => group.Key, group => group.OrderBy(one => one.Start).ToList());
        var lines = pages.SelectMany(page => PageLine.Of(page, byPage.GetValueOrDefault(page.Number) ?? [])).ToList();
        var fields = new List<ExtractedField>();
        var total = TotalChooser.Choose(lines);
        Add(fields, FieldNames.Date, Date(lines));
        Add(fields, FieldNames.Total, total);
        if (Currency(entities, total) is { } currency) fields.Add(currency);
        foreach (var kind in new[] { EntityKinds.Invoice, EntityKinds.Vat, EntityKinds.Iban }) Add(fields, kind, entities.FirstOrDefault(one => one.Kind == kind && one.Confidence >= 0.9) ?? entities.FirstOrDefault(one => one.Kind == kind));
        if (Sender(lines) is { } sender) fields.Add(sender);
        if (Address(lines) is { } address) fields.Add(address);
        foreach (var rule in rules.Where(rule => rule.IsField))
            if (fields.TrueForAll(field => field.Name != rule.Name)) Add(fields, rule.Name, entities.FirstOrDefault(one => one.Kind == rule.Name));
        return fields;
    }

    private static void Add(List<ExtractedField> fields, string name, FoundEntity? chosen)
    {
        if (chosen is not null) fields.Add(new ExtractedField(name, chosen.Value, chosen.Confidence, chosen.Page, chosen.Start, chosen.Length));
    }

    private static FoundEntity? Date(List<PageLine> lines)
    {
        var (best, bestScore) = (default(FoundEntity), double.MinValue);
        var rank = 0;
        for (var i = 0; i < lines.Count && rank < 200; i++)
        {
            foreach (var date in lines[i].Entities.Where(one => one.Kind == EntityKinds.Date))
            {
                var before = lines[i].Text[..(date.Start - lines[i].Start)];
                // A label alone on the line above, as in tables.
                if (i > 0 && before.Trim().Length == 0 && lines[i - 1].Entities.Count == 0 && lines[i - 1].Text.Length < 60) before = lines[i - 1].Text;
                var score = date.Confidence - 0.01 * rank++;
                if (OtherDate().IsMatch(before)) score -= 3;
                else if (InvoiceDate().IsMatch(before)) score += 2;
                else if (DateLabel().IsMatch(before)) score += 1;
                if (score > bestScore) (best, bestScore) = (date, score);
            }
        }
        return best;
    }

    /// <summary>That of the total, otherwise the one that most amounts have.</summary>
    private static ExtractedField? Currency(IReadOnlyList<FoundEntity> entities, FoundEntity? total)
    {
        var own = total is null ? null : Code(total);
        var amounts = entities.Where(one => TotalChooser.IsAmount(one) && Code(one) is not null).ToList();
        if (own is null && amounts.Count == 0) return null;
        var code = own ?? amounts.GroupBy(amount => Code(amount)!).MaxBy(group => group.Count())!.Key;
        var place = own is null ? amounts.First(amount => Code(amount) == code) : total!;
        return new ExtractedField(FieldNames.Currency, code, own is null ? 0.7 : 0.9, place.Page, place.Start, place.Length);
    }

    private static string? Code(FoundEntity amount) => amount.Value.Split(' ') is [_, var code] ? code : null;

    /// <summary>The first organisation of the letterhead, otherwise its first line that could be a name.</summary>
    private static ExtractedField? Sender(List<PageLine> lines)
    {
        var head = Head(lines);
        var named = head.SelectMany(line => line.Entities).FirstOrDefault(one => one.Kind == EntityKinds.Organisation);
        if (named is not null) return new ExtractedField(FieldNames.Sender, named.Value, named.Confidence, named.Page, named.Start, named.Length);
        if (head.Take(6).FirstOrDefault(CouldBeName) is not { } line) return null;
        var (start, text) = Trimmed(line);
        return new ExtractedField(FieldNames.Sender, TextScan.Tidy(text), 0.35, line.Page, line.Start + start, text.Length);
    }

    private static List<PageLine> Head(List<PageLine> lines) =>
        lines.Count == 0 ? [] : [.. lines.TakeWhile(line => line.Page == lines[0].Page).Where(line => line.Text.Any(char.IsLetterOrDigit)).Take(LinesOfHead)];

    private static bool CouldBeName(PageLine line)
    {
        var text = line.Text.Trim();
        return text.Length is >= 3 and <= 80 && text.Count(char.IsLetter) >= Math.Max(3, text.Length * 6 / 10) && line.Entities.All(one => one.Kind is EntityKinds.Person or EntityKinds.Place) && !Heading().IsMatch(text);
    }

    /// <summary>The lines of the letterhead from the first that looks like a street to the one with the postcode.</summary>
    private static ExtractedField? Address(List<PageLine> lines)
    {
        var head = Head(lines);
        var street = lines.SelectMany(line => line.Entities).FirstOrDefault(one => one.Kind == EntityKinds.Place && one.Value.Any(char.IsDigit) && one.Value.Contains(' ', StringComparison.Ordinal) && one.Confidence >= 0.9);
        var first = head.FindIndex(line => StreetLike().IsMatch(line.Text));
        if (first < 0) return street is null ? null : new ExtractedField(FieldNames.Address, street.Value, street.Confidence, street.Page, street.Start, street.Length);
        var last = first;
        for (var i = first; i < head.Count && i < first + LinesOfAddress && !AfterAddress().IsMatch(head[i].Text); i++)
        {
            last = i;
            if (Postcode().IsMatch(head[i].Text)) break;
        }
        var (start, end) = (head[first].Start + Trimmed(head[first]).Start, head[last].Start + head[last].Text.TrimEnd().Length);
        var value = TextScan.Tidy(string.Join(' ', head.Skip(first).Take(last - first + 1).Select(line => line.Text.Trim())));
        return end - start > DocumentField.ValueLength || value.Length > DocumentField.ValueLength ? null : new ExtractedField(FieldNames.Address, value, Postcode().IsMatch(head[last].Text) ? 0.7 : 0.4, head[first].Page, start, end - start);
    }

    private static (int Start, string Text) Trimmed(PageLine line) => (line.Text.Length - line.Text.TrimStart().Length, line.Text.Trim() is var text && text.Length > DocumentField.ValueLength ? text[..DocumentField.ValueLength] : text);

    [GeneratedRegex(@"rechnungsdatum|invoice date|belegdatum|bill date|receipt date|ausstellungsdatum|date of issue|issue date|datum der rechnung", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex InvoiceDate();

    [GeneratedRegex(@"datum|date|(?<!\p{L})(?:vom|dated|den|am)\W*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex DateLabel();

    [GeneratedRegex(@"fällig|zahlbar bis|due|deliver|liefer|leistung|geburt|geb\.|born|birth|valid|gültig|expir|ablauf|until|bis zum|print|approval|permit|gst.{0,12}(?:start|effective)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex OtherDate();

    [GeneratedRegex(@"invoice|receipt|rechnung|quittung|beleg|bon\b|total|summe|cash|betrag|welcome|willkommen|thank|tel|www|datum|date|page|seite", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Heading();

    [GeneratedRegex(@"(?:straße|strasse|str\.|weg|platz|allee|gasse) ?\d|(?<!\p{L})(?:no\.? ?\d|lot\b|jalan|jln|street|road|avenue|\d{1,5},? ?\p{L}+ (?:st|rd|ave|street|road)\b|floor|flr\b|block\b|level \d)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex StreetLike();

    [GeneratedRegex(@"(?<!\d)\d{5}(?!\d)", RegexOptions.CultureInvariant)]
    private static partial Regex Postcode();

    [GeneratedRegex(@"(?<!\p{L})(?:tel|fax|phone|gst|co\.? ?reg|reg|www|e-?mail|tax invoice|invoice|date|datum|ust)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex AfterAddress();
}
