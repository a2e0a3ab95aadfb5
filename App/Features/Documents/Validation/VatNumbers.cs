using System.Collections.Frozen;
using System.Globalization;
using System.Text.RegularExpressions;

namespace BlazorAdmin.Features.Documents.Validation;

/// <summary>
/// VAT identification numbers of Europe. Forms: European Commission, VIES "VAT identification number structure"; check digits as the national
/// administrations publish them (for instance BZSt and ISO 7064 mod 11,10 for Germany, BMF for Austria).
/// </summary>
internal static class VatNumbers
{
    private static readonly FrozenDictionary<string, (string Form, Func<string, bool>? Check)> Countries = new Dictionary<string, (string, Func<string, bool>?)>
    {
        ["AT"] = (@"U\d{8}", n => Austria(n[1..])),
        ["BE"] = (@"[01]\d{9}", n => 97 - Number(n[..8]) % 97 == Number(n[8..])),
        ["BG"] = (@"\d{9,10}", null),
        ["CHE"] = (@"\d{9}(MWST|TVA|IVA)?", n => Weighted(n[..8], [5, 4, 3, 2, 7, 6, 5, 4]) is var sum && (11 - sum % 11) % 11 == n[8] - '0'),
        ["CY"] = (@"\d{8}[A-Z]", null),
        ["CZ"] = (@"\d{8,10}", null),
        ["DE"] = (@"[1-9]\d{8}", Mod1110),
        ["DK"] = (@"[1-9]\d{7}", n => Weighted(n, [2, 7, 6, 5, 4, 3, 2, 1]) % 11 == 0),
        ["EE"] = (@"10\d{7}", n => Weighted(n, [3, 7, 1, 3, 7, 1, 3, 7, 1]) % 10 == 0),
        ["EL"] = (@"\d{9}", Greece),
        ["ES"] = (@"[A-Z0-9]\d{7}[A-Z0-9]", null),
        ["FI"] = (@"\d{8}", n => (11 - Weighted(n[..7], [7, 9, 10, 5, 8, 4, 2]) % 11) % 11 == n[7] - '0'),
        ["FR"] = (@"[A-HJ-NP-Z0-9]{2}\d{9}", France),
        ["GB"] = (@"\d{9}|\d{12}", Britain),
        ["GR"] = (@"\d{9}", Greece),
        ["HR"] = (@"\d{11}", Mod1110),
        ["HU"] = (@"\d{8}", n => (10 - Weighted(n[..7], [9, 7, 3, 1, 9, 7, 3]) % 10) % 10 == n[7] - '0'),
        ["IE"] = (@"\d[A-Z0-9+*]\d{5}[A-W][A-I]?", null),
        ["IT"] = (@"\d{11}", Checksums.IsLuhn),
        ["LT"] = (@"\d{9}|\d{12}", null),
        ["LU"] = (@"\d{8}", n => Number(n[..6]) % 89 == Number(n[6..])),
        ["LV"] = (@"\d{11}", null),
        ["MT"] = (@"\d{8}", n => Weighted(n[..6], [3, 4, 6, 7, 8, 9]) is var sum && 37 - sum % 37 == Number(n[6..])),
        ["NL"] = (@"\d{9}B\d{2}", n => Netherlands(n)),
        ["PL"] = (@"\d{10}", n => Weighted(n[..9], [6, 5, 7, 2, 3, 4, 5, 6, 7]) % 11 == n[9] - '0'),
        ["PT"] = (@"[1-9]\d{8}", n => (11 - Weighted(n[..8], [9, 8, 7, 6, 5, 4, 3, 2]) % 11) is var d && (d > 9 ? 0 : d) == n[8] - '0'),
        ["RO"] = (@"[1-9]\d{1,9}", null),
        ["SE"] = (@"\d{10}01", n => Checksums.IsLuhn(n[..10])),
        ["SI"] = (@"[1-9]\d{7}", n => (11 - Weighted(n[..7], [8, 7, 6, 5, 4, 3, 2]) % 11) is var d && d != 11 && d % 10 == n[7] - '0'),
        ["SK"] = (@"[1-9]\d[2-47-9]\d{7}", n => Number(n) % 11 == 0),
        ["XI"] = (@"\d{9}|\d{12}", Britain),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, Regex> Forms = Countries.ToFrozenDictionary(
        country => country.Key, country => new Regex($"^(?:{country.Value.Form})$", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant), StringComparer.Ordinal);

    /// <summary>The longest a number can be, with its country.</summary>
    public const int Longest = 16;

    /// <summary>The country at the beginning of the text; null: none that has such numbers.</summary>
    public static string? CountryOf(ReadOnlySpan<char> text)
    {
        var byLetters = Countries.GetAlternateLookup<ReadOnlySpan<char>>();
        if (text.Length >= 3 && byLetters.ContainsKey(text[..3])) return text[..3].ToString();
        return text.Length >= 2 && byLetters.ContainsKey(text[..2]) ? text[..2].ToString() : null;
    }

    /// <param name="plain">Country and number, capital letters and digits alone.</param>
    public static VatCheck Check(string plain)
    {
        if (CountryOf(plain) is not { } country) return VatCheck.Invalid;
        var number = plain[country.Length..];
        if (!Forms[country].IsMatch(number)) return VatCheck.Invalid;
        if (Countries[country].Check is not { } check) return VatCheck.FormOnly;
        return check(number) ? VatCheck.Valid : VatCheck.Invalid;
    }

    /// <summary>ISO 7064 mod 11,10: Germany and Croatia.</summary>
    private static bool Mod1110(string digits)
    {
        var product = 10;
        foreach (var c in digits.AsSpan(0, digits.Length - 1))
        {
            var sum = (c - '0' + product) % 10;
            product = (sum == 0 ? 10 : sum) * 2 % 11;
        }
        return (11 - product) % 10 == digits[^1] - '0';
    }

    private static bool Austria(string digits)
    {
        var sum = 0;
        for (var i = 0; i < 7; i++)
        {
            var product = (digits[i] - '0') * (i % 2 == 0 ? 1 : 2);
            sum += product / 10 + product % 10;
        }
        return (10 - (sum + 4) % 10) % 10 == digits[7] - '0';
    }

    /// <summary>The key is checked where it is a number; keys with letters are newer and have another rule.</summary>
    private static bool France(string number) =>
        !number.All(char.IsAsciiDigit) || (12 + 3 * (Number(number[2..]) % 97)) % 97 == Number(number[..2]);

    private static bool Greece(string digits) => Weighted(digits[..8], [256, 128, 64, 32, 16, 8, 4, 2]) % 11 % 10 == digits[8] - '0';

    private static bool Britain(string digits)
    {
        var sum = Weighted(digits[..7], [8, 7, 6, 5, 4, 3, 2]) + Number(digits[7..9]);
        return sum % 97 == 0 || (sum + 55) % 97 == 0;
    }

    /// <summary>Mod 11 of the old numbers, or mod 97 of those for one-person businesses since 2020.</summary>
    private static bool Netherlands(string number)
    {
        if (Weighted(number[..8], [9, 8, 7, 6, 5, 4, 3, 2]) % 11 == number[8] - '0') return true;
        var rest = 0L;
        foreach (var c in "NL" + number) rest = char.IsAsciiDigit(c) ? (rest * 10 + (c - '0')) % 97 : (rest * 100 + (c - 'A' + 10)) % 97;
        return rest == 1;
    }

    private static int Weighted(string digits, int[] weights) => digits.Select((c, i) => (c - '0') * weights[i]).Sum();

    private static long Number(string digits) => long.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
}
