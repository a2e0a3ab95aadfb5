using System.Text.RegularExpressions;

namespace BlazorAdmin.Features.Documents.Extraction;

/// <summary>Persons, organisations and places, as far as titles, legal forms, addresses and lists carry; the confidence says how far.</summary>
internal static partial class NameFinder
{
    private const int MostWords = 8;

    public static void Find(PageEntities page)
    {
        Organisations(page);
        Persons(page);
        Places(page);
    }

    private static void Organisations(PageEntities page)
    {
        var text = page.Text;
        var from = 0;
        foreach (Match match in LegalForm().Matches(text))
        {
            if (match.Index < from) continue;
            var start = NameStart(text, match.Index, from);
            if (start == match.Index) continue;
            page.Add(EntityKinds.Organisation, start, match.Index + match.Length, TextScan.Tidy(text.AsSpan(start, match.Index + match.Length - start)), 0.85);
            from = match.Index + match.Length;
        }
    }

    /// <summary>Goes back over the words of a name, on the same line.</summary>
    private static int NameStart(string text, int end, int from)
    {
        var (start, words) = (end, 0);
        while (words < MostWords)
        {
            var stop = start;
            while (stop > from && TextScan.IsBlank(text[stop - 1])) stop--;
            // Two blanks or a tab separate columns.
            if (start - stop > 2 && words > 0) break;
            var begin = stop;
            while (begin > from && stop - begin < 40 && !char.IsWhiteSpace(text[begin - 1]) && text[begin - 1] is not (':' or ';' or '|' or '"' or '„' or '“')) begin--;
            if (begin == stop) break;
            var word = text.AsSpan(begin, stop - begin);
            if (words > 0 && word[^1] is ',' or '.' && !IsInitial(word)) break;
            if (!IsNameWord(word)) break;
            (start, words) = (begin, words + 1);
            if (begin > from && text[begin - 1] is ':' or ';' or '|' or '"' or '„' or '“') break;
        }
        while (start < end && text[start..end] is var rest && LeadingWord().Match(rest) is { Success: true } small) start += small.Length;
        return start;
    }

    private static bool IsNameWord(ReadOnlySpan<char> word) =>
        char.IsUpper(word[0]) || char.IsDigit(word[0]) || word is "&" or "+" or "und" or "and" or "of" or "der" or "für" or "de" or "-" || (word[0] == '(' && word.Length <= 6);

    private static bool IsInitial(ReadOnlySpan<char> word) => word.Length <= 4 && word[^1] == '.';

    private static void Persons(PageEntities page)
    {
        var text = page.Text;
        foreach (Match match in Titled().Matches(text))
        {
            var name = match.Groups["n"];
            page.Add(EntityKinds.Person, name.Index, name.Index + name.Length, TextScan.Tidy(name.ValueSpan), 0.85);
        }
        foreach (Match match in TwoNames().Matches(text))
        {
            if (!Gazetteer.FirstNames.Contains(match.Groups["f"].Value)) continue;
            page.Add(EntityKinds.Person, match.Index, match.Index + match.Length, TextScan.Tidy(match.ValueSpan), 0.65);
        }
    }

    private static void Places(PageEntities page)
    {
        var text = page.Text;
        foreach (Match match in Street().Matches(text)) page.Add(EntityKinds.Place, match.Index, match.Index + match.Length, TextScan.Tidy(match.ValueSpan), match.Groups["z"].Success ? 0.9 : 0.75);
        foreach (Match match in PostcodeAndCity().Matches(text))
        {
            var known = Gazetteer.Cities.Contains(TextScan.Tidy(match.Groups["c"].ValueSpan));
            page.Add(EntityKinds.Place, match.Index, match.Index + match.Length, TextScan.Tidy(match.ValueSpan), known ? 0.9 : 0.6);
        }
        Gazetteer.Places.Find(text, (start, end, confidence) => page.Add(EntityKinds.Place, start, end, TextScan.Tidy(text.AsSpan(start, end - start)), confidence));
    }

    [GeneratedRegex(
        @"(?<![\p{L}\d])(?:GmbH ?& ?Co\.? ?KGaA|GmbH ?& ?Co\.? ?KG|AG ?& ?Co\.? ?KG|gGmbH|GmbH|GMBH|mbH|KGaA|AG|SE|OHG|oHG|KG|UG(?: \(haftungsbeschränkt\))?|e\. ?V\.|eG|e\. ?K\.|Ges\.m\.b\.H\.|" +
        @"Pte\.? ?Ltd\.?|PTE\.? ?LTD\.?|Co\.,? ?Ltd\.?|CO\.,? ?LTD\.?|Ltd\.?|LTD\.?|Limited|LIMITED|L\.L\.C\.|LLC|LLP|PLC|plc|Inc\.?|INC\.?|Corp\.?|CORP\.?|Corporation|CORPORATION|Incorporated|" +
        @"S\.A\.R\.L\.|SARL|S\.A\.S\.|SAS|S\.A\.|S\.p\.A\.|S\.r\.l\.|B\.V\.|N\.V\.|(?:\(M\) )?SDN\.? ?BHD\.?|(?:\(M\) )?Sdn\.? ?Bhd\.?|CO\. \(M\) BHD|BHD|Bhd|ENTERPRISE|TRADING|Stiftung|Genossenschaft)(?![\p{L}\d])", RegexOptions.CultureInvariant)]
    private static partial Regex LegalForm();

    [GeneratedRegex(@"^(?:und|and|of|der|für|de|&|\+|-)\s+|^(?:Die|Der|Das|The|An|From|To|Bei|Firma|Fa\.|Von|Mit|By|With)\s+", RegexOptions.CultureInvariant)]
    private static partial Regex LeadingWord();

    [GeneratedRegex(
        @"(?<![\p{L}\d])(?:Herrn?|Frau|Mr|Mrs|Ms|Miss|Mx|Sir|Madam|Fräulein|Prof|Dr|Dipl\.-Ing|Ing|Mag)\.?(?: (?:Prof|Dr|Dipl\.-Ing|med|jur|rer|nat|h\. ?c|Ing|Mag|phil)\.?){0,4}[ \u00A0]" +
        @"(?<n>(?!Dr\b|Prof\b|Ing\b|Mag\b)\p{Lu}[\p{L}'’-]{1,30}\.?(?:[ \u00A0](?:von|van|de|der|zu|den|la|\p{Lu}\.|\p{Lu}[\p{L}'’-]{1,30})){0,3})", RegexOptions.CultureInvariant)]
    private static partial Regex Titled();

    [GeneratedRegex(@"(?<![\p{L}\d@.])(?<f>\p{Lu}\p{Ll}{1,15})(?:-\p{Lu}\p{Ll}{1,15})?(?:[ \u00A0]\p{Lu}\.)?[ \u00A0](?:(?:von|van|de|zu)[ \u00A0](?:der[ \u00A0]|den[ \u00A0])?)?\p{Lu}[\p{L}'’]{1,25}(?:-\p{Lu}\p{L}{1,25})?(?![\p{L}\d@])", RegexOptions.CultureInvariant)]
    private static partial Regex TwoNames();

    [GeneratedRegex(
        @"(?<![\p{L}\d])(?:(?:Am|An der|Auf der|Im|In der|Zum|Zur) )?\p{Lu}[\p{L}.-]{0,30}(?:[ -]\p{Lu}[\p{L}.]{0,20})?(?:straße|strasse|str\.|[ -]Straße|[ -]Str\.|weg|[ -]Weg|platz|[ -]Platz|allee|[ -]Allee|gasse|ring|ufer|damm|chaussee| Street| Road| Avenue| Lane)[ \u00A0]\d{1,4} ?[a-z]?(?:-\d{1,4})?(?![\p{L}\d])" +
        @"(?:(?:,? |,?\r?\n)(?<z>(?:D|A|CH)?-?\d{4,5} \p{Lu}[\p{L}-]{1,30}(?: (?:am|an der|im|ob der|in) \p{Lu}[\p{L}-]{1,20})?))?", RegexOptions.CultureInvariant)]
    private static partial Regex Street();

    [GeneratedRegex(@"(?<![\p{L}\d.,/-])(?:(?:D|A|CH)-)?(?:\d{5},?|(?<=(?:A|CH)-)\d{4})[ \u00A0](?<c>\p{Lu}[\p{L}-]{2,30}(?: (?:am|an der|im|ob der|in) \p{Lu}[\p{L}-]{1,20}| \p{Lu}[\p{L}-]{2,20})?)(?![\p{L}\d])", RegexOptions.CultureInvariant)]
    private static partial Regex PostcodeAndCity();
}
