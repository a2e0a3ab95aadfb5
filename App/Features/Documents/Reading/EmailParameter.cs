using System.Globalization;
using System.Text;

namespace BlazorAdmin.Features.Documents.Reading;

/// <summary>Parameters of a mail header, also those that are encoded and cut into pieces (RFC 2231), and those that hold encoded words against the standard.</summary>
internal static class EmailParameter
{
    private const int MaxPieces = 50;

    /// <returns>Null when the header has no such parameter.</returns>
    public static string? Find(string header, string name)
    {
        var fields = Fields(header);
        if (fields.TryGetValue(name + "*", out var encoded)) return EmailCoding.CharacterSet(CharacterSet(ref encoded), Bytes(encoded));
        if (fields.TryGetValue(name, out var plain)) return EmailCoding.Words(plain);
        var pieces = new List<byte>();
        string? set = null;
        for (var i = 0; i < MaxPieces; i++)
        {
            if (fields.TryGetValue($"{name}*{i}*", out var piece))
            {
                if (i == 0) set = CharacterSet(ref piece);
                pieces.AddRange(Bytes(piece));
            }
            else if (fields.TryGetValue($"{name}*{i}", out piece)) pieces.AddRange(Encoding.Latin1.GetBytes(piece));
            else break;
        }
        return pieces.Count == 0 ? null : EmailCoding.CharacterSet(set, [.. pieces]);
    }

    private static Dictionary<string, string> Fields(string header)
    {
        var fields = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var field in Split(header).Skip(1))
        {
            var equals = field.IndexOf('=');
            if (equals > 0) fields.TryAdd(field[..equals].Trim(), Unquote(field[(equals + 1)..].Trim()));
        }
        return fields;
    }

    /// <summary>A semicolon inside quotation marks belongs to the value.</summary>
    private static IEnumerable<string> Split(string header)
    {
        var (start, quoted) = (0, false);
        for (var i = 0; i < header.Length; i++)
        {
            if (header[i] == '\\' && quoted) i++;
            else if (header[i] == '"') quoted = !quoted;
            else if (header[i] == ';' && !quoted)
            {
                yield return header[start..i];
                start = i + 1;
            }
        }
        yield return header[start..];
    }

    private static string Unquote(string value)
    {
        if (value.Length < 2 || value[0] != '"') return value.Trim('"');
        var text = new StringBuilder();
        for (var i = 1; i < value.Length && value[i] != '"'; i++) text.Append(value[i] == '\\' && i + 1 < value.Length ? value[++i] : value[i]);
        return text.ToString();
    }

    /// <summary>Takes charset'language' off the front.</summary>
    private static string? CharacterSet(ref string value)
    {
        var parts = value.Split('\'', 3);
        if (parts.Length < 3) return null;
        value = parts[2];
        return parts[0];
    }

    private static byte[] Bytes(string value)
    {
        var bytes = new List<byte>(value.Length);
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] == '%' && i + 2 < value.Length && byte.TryParse(value.AsSpan(i + 1, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var code))
            {
                bytes.Add(code);
                i += 2;
            }
            else bytes.Add((byte)value[i]);
        }
        return [.. bytes];
    }
}
