using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace BlazorAdmin.Features.Documents.Reading;

/// <summary>Transport encodings of mail: base64, quoted-printable, encoded words (RFC 2045, RFC 2047).</summary>
internal static partial class EmailCoding
{
    static EmailCoding() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <summary>Decodes =?charset?B|Q?...?= in a header; what is broken stays as it is.</summary>
    public static string Words(string header)
    {
        var joined = BetweenWords().Replace(header, "?==?");
        return Word().Replace(joined, match =>
        {
            var content = match.Groups[2].Value is "B" or "b" ? Base64(match.Groups[3].Value) : QuotedPrintable(match.Groups[3].Value, underscoreIsSpace: true);
            return CharacterSet(match.Groups[1].Value.Split('*')[0], content);
        });
    }

    public static byte[] Base64(string text)
    {
        var digits = new string([.. text.Where(c => char.IsAsciiLetterOrDigit(c) || c is '+' or '/')]);
        var bytes = new byte[digits.Length];
        var padded = digits[..(digits.Length / 4 * 4)] + (digits.Length % 4 is 0 or 1 ? "" : digits[(digits.Length / 4 * 4)..].PadRight(4, '='));
        return Convert.TryFromBase64String(padded, bytes, out var written) ? bytes[..written] : [];
    }

    public static byte[] QuotedPrintable(string text, bool underscoreIsSpace)
    {
        var bytes = new List<byte>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '=' && i + 1 < text.Length && text[i + 1] == '\n') i++;
            else if (text[i] == '=' && i + 2 < text.Length && byte.TryParse(text.AsSpan(i + 1, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var value))
            {
                bytes.Add(value);
                i += 2;
            }
            else bytes.Add(underscoreIsSpace && text[i] == '_' ? (byte)' ' : (byte)text[i]);
        }
        return [.. bytes];
    }

    /// <exception cref="ArgumentException">Nobody knows it.</exception>
    /// <exception cref="NotSupportedException">This system does not have it.</exception>
    public static Encoding CodePage(int number) => Encoding.GetEncoding(number);

    public static string CharacterSet(string? name, byte[] bytes)
    {
        if (string.IsNullOrEmpty(name)) return TextDecoding.Decode(bytes) ?? Encoding.Latin1.GetString(bytes);
        try
        {
            return Encoding.GetEncoding(name).GetString(bytes);
        }
        catch (ArgumentException)
        {
            // A character set nobody knows: the bytes themselves are the better hint.
            return TextDecoding.Decode(bytes) ?? Encoding.Latin1.GetString(bytes);
        }
    }

    [GeneratedRegex(@"=\?([^?\s]{1,60})\?([BbQq])\?([^?\s]*)\?=")]
    private static partial Regex Word();

    [GeneratedRegex(@"\?=\s+=\?")]
    private static partial Regex BetweenWords();
}
