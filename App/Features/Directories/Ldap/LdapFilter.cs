using System.Formats.Asn1;
using System.Text;

namespace BlazorAdmin.Features.Directories.Ldap;

/// <summary>Search filters as RFC 4515 writes them, and as they cross the wire (RFC 4511, 4.5.1.7).</summary>
public static class LdapFilter
{
    private const int Deepest = 50;

    // Names and object identifiers, with options.
    private const string AttributeLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.;";

    /// <summary>What people typed as a value that means itself and nothing else.</summary>
    public static string Escape(string value)
    {
        var escaped = new StringBuilder(value.Length);
        foreach (var letter in value)
        {
            if (letter is '\\' or '*' or '(' or ')' or '\0') escaped.Append('\\').Append(((int)letter).ToString("x2", System.Globalization.CultureInfo.InvariantCulture));
            else escaped.Append(letter);
        }

        return escaped.ToString();
    }

    /// <summary>Puts values in the place of <c>{names}</c>; they are escaped.</summary>
    public static string Fill(string template, params (string Name, string Value)[] values) =>
        values.Aggregate(template, (filter, v) => filter.Replace($"{{{v.Name}}}", Escape(v.Value), StringComparison.OrdinalIgnoreCase));

    /// <returns>Null if the filter can be read, otherwise what is wrong with it.</returns>
    public static string? Problem(string filter)
    {
        try
        {
            Write(new AsnWriter(AsnEncodingRules.BER), filter);
            return null;
        }
        catch (FormatException exception)
        {
            return exception.Message;
        }
    }

    /// <exception cref="FormatException">It is no filter; the message says where.</exception>
    internal static void Write(AsnWriter writer, string filter)
    {
        var at = 0;
        WriteOne(writer, filter, ref at, 0);
        if (at != filter.Length) throw new FormatException($"The filter goes on after its end, at character {at + 1}.");
    }

    private static void WriteOne(AsnWriter writer, string text, ref int at, int depth)
    {
        if (depth > Deepest) throw new FormatException("The filter is nested too deeply.");
        Expect(text, ref at, '(');
        switch (at < text.Length ? text[at] : '\0')
        {
            case '&' or '|':
                using (writer.PushSequence(Tag(text[at++] == '&' ? 0 : 1)))
                    while (at < text.Length && text[at] == '(') WriteOne(writer, text, ref at, depth + 1);
                break;
            case '!':
                at++;
                using (writer.PushSequence(Tag(2))) WriteOne(writer, text, ref at, depth + 1);
                break;
            default:
                WriteItem(writer, text, ref at);
                break;
        }

        Expect(text, ref at, ')');
    }

    private static void WriteItem(AsnWriter writer, string text, ref int at)
    {
        var attribute = Take(text, ref at);
        if (at < text.Length && text[at] == ':')
        {
            WriteExtensible(writer, text, attribute, ref at);
            return;
        }

        if (attribute.Length == 0) throw new FormatException($"The name of an attribute is missing at character {at + 1}.");
        var tag = 3;
        if (at < text.Length && text[at] is '>' or '<' or '~') tag = text[at++] switch { '>' => 5, '<' => 6, _ => 8 };
        Expect(text, ref at, '=');
        var value = Value(text, ref at);
        if (tag == 3 && value == "*")
        {
            writer.WriteOctetString(Encoding.UTF8.GetBytes(attribute), Tag(7));
            return;
        }

        if (tag == 3 && value.Contains('*'))
        {
            WriteSubstrings(writer, attribute, value.Split('*'));
            return;
        }

        using (writer.PushSequence(Tag(tag)))
        {
            writer.WriteOctetString(Encoding.UTF8.GetBytes(attribute));
            writer.WriteOctetString(Unescape(value));
        }
    }

    private static void WriteSubstrings(AsnWriter writer, string attribute, string[] parts)
    {
        using (writer.PushSequence(Tag(4)))
        {
            writer.WriteOctetString(Encoding.UTF8.GetBytes(attribute));
            using (writer.PushSequence())
                for (var i = 0; i < parts.Length; i++)
                    if (parts[i].Length > 0) writer.WriteOctetString(Unescape(parts[i]), Tag(i == 0 ? 0 : i == parts.Length - 1 ? 2 : 1));
        }
    }

    // attribute[:dn][:rule]:=value
    private static void WriteExtensible(AsnWriter writer, string text, string attribute, ref int at)
    {
        var (names, rule) = (false, "");
        while (at < text.Length && text[at] == ':' && !(at + 1 < text.Length && text[at + 1] == '='))
        {
            at++;
            var word = Take(text, ref at);
            if (word.Equals("dn", StringComparison.OrdinalIgnoreCase) && !names && rule.Length == 0) names = true;
            else if (word.Length > 0 && rule.Length == 0) rule = word;
            else throw new FormatException($"The matching rule cannot be read at character {at + 1}.");
        }

        Expect(text, ref at, ':');
        Expect(text, ref at, '=');
        var value = Value(text, ref at);
        if (attribute.Length + rule.Length == 0) throw new FormatException($"Neither attribute nor matching rule is named before character {at + 1}.");
        using (writer.PushSequence(Tag(9)))
        {
            if (rule.Length > 0) writer.WriteOctetString(Encoding.UTF8.GetBytes(rule), Tag(1));
            if (attribute.Length > 0) writer.WriteOctetString(Encoding.UTF8.GetBytes(attribute), Tag(2));
            writer.WriteOctetString(Unescape(value), Tag(3));
            if (names) writer.WriteBoolean(true, Tag(4));
        }
    }

    private static string Take(string text, ref int at)
    {
        var start = at;
        while (at < text.Length && AttributeLetters.Contains(text[at])) at++;
        return text[start..at];
    }

    private static string Value(string text, ref int at)
    {
        var start = at;
        while (at < text.Length && text[at] is not ('(' or ')')) at++;
        return text[start..at];
    }

    private static byte[] Unescape(string value)
    {
        using var bytes = new MemoryStream();
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] == '\\')
            {
                if (i + 2 >= value.Length || !byte.TryParse(value.AsSpan(i + 1, 2), System.Globalization.NumberStyles.AllowHexSpecifier, null, out var code))
                    throw new FormatException("After a backslash come two hexadecimal digits.");
                bytes.WriteByte(code);
                i += 2;
            }
            else
            {
                var length = char.IsHighSurrogate(value[i]) && i + 1 < value.Length ? 2 : 1;
                bytes.Write(Encoding.UTF8.GetBytes(value.Substring(i, length)));
                i += length - 1;
            }
        }

        return bytes.ToArray();
    }

    private static void Expect(string text, ref int at, char wanted)
    {
        if (at >= text.Length || text[at] != wanted) throw new FormatException($"'{wanted}' is missing at character {at + 1}.");
        at++;
    }

    private static Asn1Tag Tag(int number) => new(TagClass.ContextSpecific, number);
}
