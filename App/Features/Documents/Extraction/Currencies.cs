namespace BlazorAdmin.Features.Documents.Extraction;

/// <summary>Signs and codes of currencies, in ISO 4217.</summary>
internal static class Currencies
{
    private static readonly (string Sign, string Code)[] Signs =
    [
        ("EURO", "EUR"), ("Euro", "EUR"), ("EUR", "EUR"), ("€", "EUR"), ("US$", "USD"), ("USD", "USD"), ("CHF", "CHF"), ("SFr.", "CHF"), ("Fr.", "CHF"), ("GBP", "GBP"), ("£", "GBP"), ("JPY", "JPY"), ("¥", "JPY"),
        ("MYR", "MYR"), ("RM", "MYR"), ("SGD", "SGD"), ("S$", "SGD"), ("CAD", "CAD"), ("AUD", "AUD"), ("A$", "AUD"), ("NZD", "NZD"), ("HKD", "HKD"), ("HK$", "HKD"), ("CNY", "CNY"), ("INR", "INR"), ("₹", "INR"),
        ("SEK", "SEK"), ("NOK", "NOK"), ("DKK", "DKK"), ("PLN", "PLN"), ("zł", "PLN"), ("CZK", "CZK"), ("Kč", "CZK"), ("HUF", "HUF"), ("RON", "RON"), ("BGN", "BGN"), ("TRY", "TRY"), ("₺", "TRY"),
        ("BRL", "BRL"), ("R$", "BRL"), ("ZAR", "ZAR"), ("THB", "THB"), ("IDR", "IDR"), ("$", "USD"),
    ];

    /// <summary>Lists signs before their prefixes, so that US$ is not read as $.</summary>
    private static readonly (string Sign, string Code)[] ByLength = [.. Signs.OrderByDescending(sign => sign.Sign.Length)];

    /// <summary>The currency that ends at <paramref name="end"/> and where it begins.</summary>
    public static (string Code, int Start)? EndingAt(string text, int end)
    {
        foreach (var (sign, code) in ByLength)
        {
            var start = end - sign.Length;
            if (start >= 0 && string.CompareOrdinal(text, start, sign, 0, sign.Length) == 0 && (!char.IsLetter(sign[0]) || TextScan.StartsWord(text, start))) return (code, start);
        }
        return null;
    }

    /// <summary>The currency that begins at <paramref name="start"/> and where it ends.</summary>
    public static (string Code, int End)? StartingAt(string text, int start)
    {
        foreach (var (sign, code) in ByLength)
        {
            var end = start + sign.Length;
            if (end <= text.Length && string.CompareOrdinal(text, start, sign, 0, sign.Length) == 0 && (!char.IsLetter(sign[^1]) || TextScan.EndsWord(text, end))) return (code, end);
        }
        return null;
    }
}
