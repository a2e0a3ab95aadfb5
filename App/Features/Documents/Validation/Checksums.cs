namespace BlazorAdmin.Features.Documents.Validation;

/// <summary>Check digits of numbers that people type: each takes the number with or without blanks and dashes.</summary>
public static class Checksums
{
    public const string Iban = "iban", Vat = "vat", Luhn = "luhn", Ean13 = "ean13", Isbn13 = "isbn13", CreditorReference = "creditor-reference";

    public static IReadOnlyList<string> All { get; } = [Iban, Vat, Luhn, Ean13, Isbn13, CreditorReference];

    /// <summary>Whether the value satisfies the named checksum.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such checksum.</exception>
    public static bool Holds(string name, string value)
    {
        var plain = Plain(value);
        return name switch
        {
            Iban => IsIban(plain),
            Vat => VatNumbers.Check(plain) == VatCheck.Valid,
            Luhn => IsLuhn(plain),
            Ean13 => IsEan13(plain),
            Isbn13 => IsEan13(plain) && (plain.StartsWith("978", StringComparison.Ordinal) || plain.StartsWith("979", StringComparison.Ordinal)),
            CreditorReference => IsCreditorReference(plain),
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, "No such checksum."),
        };
    }

    /// <summary>Capital letters and digits alone.</summary>
    public static string Plain(string value) => string.Concat(value.Where(c => c is not (' ' or '\u00A0' or '-' or '.' or '/'))).ToUpperInvariant();

    /// <summary>ISO 13616: the country's length and ISO 7064 mod 97-10.</summary>
    public static bool IsIban(string plain) => IbanLengths.Of(plain) == plain.Length && Mod97(plain) == 1;

    /// <summary>ISO/IEC 7812-1, annex B.</summary>
    public static bool IsLuhn(string plain)
    {
        if (plain.Length < 2 || !plain.All(char.IsAsciiDigit)) return false;
        var sum = 0;
        for (var i = 0; i < plain.Length; i++)
        {
            var digit = plain[plain.Length - 1 - i] - '0';
            if (i % 2 == 1) digit = digit > 4 ? digit * 2 - 9 : digit * 2;
            sum += digit;
        }
        return sum % 10 == 0;
    }

    /// <summary>GS1 General Specifications, check digit of GTIN-13.</summary>
    public static bool IsEan13(string plain) => plain.Length == 13 && plain.All(char.IsAsciiDigit) && plain.Select((c, i) => (c - '0') * (i % 2 == 0 ? 1 : 3)).Sum() % 10 == 0;

    /// <summary>ISO 11649: RF, two check digits, up to 21 characters.</summary>
    public static bool IsCreditorReference(string plain) => plain.Length is >= 5 and <= 25 && plain.StartsWith("RF", StringComparison.Ordinal) && Mod97(plain) == 1;

    /// <summary>ISO 7064 mod 97-10 with the first four characters moved to the end; -1 for other characters than letters and digits.</summary>
    private static int Mod97(string plain)
    {
        if (plain.Length < 5 || !char.IsAsciiDigit(plain[2]) || !char.IsAsciiDigit(plain[3])) return -1;
        var rest = 0;
        for (var i = 0; i < plain.Length; i++)
        {
            var c = plain[(i + 4) % plain.Length];
            if (char.IsAsciiDigit(c)) rest = (rest * 10 + (c - '0')) % 97;
            else if (c is >= 'A' and <= 'Z') rest = (rest * 100 + (c - 'A' + 10)) % 97;
            else return -1;
        }
        return rest;
    }
}
