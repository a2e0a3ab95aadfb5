using System.Text.RegularExpressions;
using BlazorAdmin.Features.Documents.Validation;

namespace BlazorAdmin.Features.Documents.Extraction;

/// <summary>Numbers that name something: IBAN and VAT identification numbers by form and check digits, invoice numbers by their label.</summary>
internal static partial class CodeFinder
{
    public static void Find(PageEntities page)
    {
        var text = page.Text;
        Span<char> plain = stackalloc char[40];
        for (var at = 0; at + 4 < text.Length; at++)
        {
            if (!char.IsAsciiLetter(text[at]) || !char.IsAsciiLetter(text[at + 1]) || !TextScan.StartsWord(text, at)) continue;
            if (Iban(text, at, plain) is { } iban)
            {
                page.Add(EntityKinds.Iban, at, iban.End, iban.Value, 0.99);
                at = iban.End - 1;
            }
            else if (Vat(text, at, plain) is { } vat)
            {
                page.Add(EntityKinds.Vat, at, vat.End, vat.Value, vat.Confidence);
                at = vat.End - 1;
            }
        }
        Invoices(page);
    }

    private static (int End, string Value)? Iban(string text, int at, Span<char> plain)
    {
        if (!TextScan.IsDigit(text[at + 2]) || !TextScan.IsDigit(text[at + 3])) return null;
        Span<char> country = [char.ToUpperInvariant(text[at]), char.ToUpperInvariant(text[at + 1])];
        var length = IbanLengths.Of(country);
        if (length == 0) return null;
        var (end, taken) = Take(text, at, plain, length);
        if (taken < length || !TextScan.EndsWord(text, end)) return null;
        var value = plain[..length].ToString();
        return Checksums.IsIban(value) ? (end, value) : null;
    }

    /// <summary>Collects letters and digits as capitals, over single blanks, dots and dashes.</summary>
    private static (int End, int Count) Take(string text, int at, Span<char> into, int most)
    {
        var (count, end) = (0, at);
        for (var i = at; i < text.Length && count < most; i++)
        {
            if (char.IsAsciiLetterOrDigit(text[i]))
            {
                into[count++] = char.ToUpperInvariant(text[i]);
                end = i + 1;
            }
            else if (!(TextScan.IsBlank(text[i]) || text[i] is '.' or '-') || i + 1 >= text.Length || !char.IsAsciiLetterOrDigit(text[i + 1])) break;
        }
        return (end, count);
    }

    private static (int End, string Value, double Confidence)? Vat(string text, int at, Span<char> plain)
    {
        if (!char.IsAsciiLetterUpper(text[at]) || !char.IsAsciiLetterUpper(text[at + 1]) || VatNumbers.CountryOf(text.AsSpan(at, Math.Min(3, text.Length - at))) is null) return null;
        // The longest reading that is a number and ends a word.
        for (var most = VatNumbers.Longest; most >= 8; most--)
        {
            var (end, count) = Take(text, at, plain, most);
            if (count < most || !TextScan.EndsWord(text, end)) continue;
            var value = plain[..count].ToString();
            switch (VatNumbers.Check(value))
            {
                case VatCheck.Valid:
                    return (end, value, 0.98);
                case VatCheck.FormOnly when VatLabel().IsMatch(TextScan.Before(text, at, 40)):
                    return (end, value, 0.8);
            }
        }
        return null;
    }

    private static void Invoices(PageEntities page)
    {
        foreach (Match match in Invoice().Matches(page.Text))
        {
            var number = match.Groups["n"];
            var value = number.Value.TrimEnd('.', '-', '/', '_', ',');
            if (!value.Any(char.IsAsciiDigit) || value.Length < 2 || LooksLikeDate().IsMatch(value)) continue;
            page.Add(EntityKinds.Invoice, number.Index, number.Index + value.Length, value, match.Groups["strong"].Success ? 0.9 : 0.7);
        }
    }

    [GeneratedRegex(@"VAT|USt|UID|TVA|BTW|IVA|NIF|MwSt|Umsatzsteuer|CIF|DIČ|PVN|Tax", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex VatLabel();

    [GeneratedRegex(
        @"(?<![\p{L}])(?:(?<strong>Rechnungs?[ -]?(?:nummer|nr|no)|Rg[.-]{0,2} ?Nr|(?:Tax )?Invoice ?(?:number|num|no|nr|#)|Inv[.]? ?(?:no|nr|#))|(?:Beleg|Bon|Faktura)[ -]?(?:nummer|nr|no)|(?:Receipt|Bill|Document|Doc|Slip)[.]? ?(?:number|no|#)|Rechnung|Invoice)" +
        @"(?![\p{L}])[.:# \t]{0,4}(?:\r?\n[ \t]{0,4})?(?<n>[A-Z0-9][A-Za-z0-9_/.-]{1,29})(?![\p{L}\d])", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Invoice();

    [GeneratedRegex(@"^\d{1,4}[./-]\d{1,2}[./-]\d{2,4}$", RegexOptions.CultureInvariant)]
    private static partial Regex LooksLikeDate();
}
