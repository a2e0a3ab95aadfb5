using System.Text.RegularExpressions;

namespace BlazorAdmin.Features.Documents.Extraction;

/// <summary>How strongly a line says that its amount is what is to be paid.</summary>
internal static partial class TotalLabels
{
    /// <summary>0: not at all; otherwise more is stronger. Digits that recognition puts in the place of letters are read as these.</summary>
    public static int Strength(string line)
    {
        if (line.Length > 200) return 0;
        var words = line.ToLowerInvariant().Replace('0', 'o').Replace('1', 'l').Replace('|', 'l');
        if (Other().IsMatch(words)) return 0;
        if (Strongest().IsMatch(words)) return 4;
        if (Strong().IsMatch(words)) return 3;
        return Weak().IsMatch(words) ? 1 : 0;
    }

    /// <summary>The line rounds what is to be paid: the next total is the one after it.</summary>
    public static bool Rounds(string line) => line.Length <= 200 && Rounding().IsMatch(line.ToLowerInvariant()) && Strength(line) == 0;

    /// <summary>What was handed over in cash.</summary>
    public static bool Paid(string line) => line.Length <= 200 && Cash().IsMatch(line.ToLowerInvariant());

    /// <summary>What was given back.</summary>
    public static bool GaveBack(string line) => line.Length <= 200 && Change().IsMatch(line.ToLowerInvariant());

    [GeneratedRegex(@"\bround|rundung", RegexOptions.CultureInvariant)]
    private static partial Regex Rounding();

    [GeneratedRegex(@"^\W*(?:cash|bar|gegeben|tendered|amount tendered|cash tendered|erhalten)\b(?! round)", RegexOptions.CultureInvariant)]
    private static partial Regex Cash();

    [GeneratedRegex(@"\bchange\b|rückgeld|zurück", RegexOptions.CultureInvariant)]
    private static partial Regex Change();

    [GeneratedRegex(
        @"sub[ -]?t[o0]tal|zwischensumme|\bchange\b|rückgeld|gegeben|erhalten|tendered|\bcash\b|\bbar\b|discount|rabatt|skonto|saving|\bqty|quantity|\bitems?\b|menge|anzahl|points|punkte|balance b|carried|übertrag|" +
        @"total includes|total (?:gst|tax|vat|mwst|ust|excl)|(?:gst|tax|vat|mwst|ust)\.? (?:total|amount|betrag|summe)|excl|netto(?:betrag|summe)?\b|summe netto|net (?:total|amount)\b(?! payable)|zero rated|\bgst @|^\W*(?:rounding|round(?:ing)? adj)|rounding adj", RegexOptions.CultureInvariant)]
    private static partial Regex Other();

    [GeneratedRegex(
        @"grand ?total|gesamt(?:betrag|summe|preis|rechnungsbetrag)|rechnungs(?:betrag|summe|endbetrag)|end(?:betrag|summe)|zu zahlen|zahlbetrag|zahlungsbetrag|amount (?:due|payable|to pay)|total (?:due|payable|to pay|amount payable)|balance due|" +
        @"(?:nett?|nett?o) total|rounded total|total rounded|total \(?rounded|total \(?rm\)? rounded|total after (?:rounding|round)|total after adj|total \(?incl|total sales? \(?incl|total with gst|total inc\b", RegexOptions.CultureInvariant)]
    private static partial Regex Strongest();

    [GeneratedRegex(@"\bt[oa]tal\b|\btotal|\bsumme\b|\bgesamt\b|\btotaal\b|\bsum\b", RegexOptions.CultureInvariant)]
    private static partial Regex Strong();

    [GeneratedRegex(@"\bamount\b|\bbetrag\b|\bam(?:oun)?t\.?\b|\bpreis\b", RegexOptions.CultureInvariant)]
    private static partial Regex Weak();
}
