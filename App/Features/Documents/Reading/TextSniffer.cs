using System.Text.RegularExpressions;

namespace BlazorAdmin.Features.Documents.Reading;

/// <summary>Tells kinds of text from each other and from unknown binary data.</summary>
internal static partial class TextSniffer
{
    private static readonly string[] HtmlStarts = ["<!doctype html", "<html", "<head", "<body", "<title", "<meta ", "<script", "<style", "<div", "<table", "<p>", "<h1", "<a ", "<ul", "<span", "<br"];
    private static readonly string[] MailHeaders = ["from", "to", "subject", "date", "received", "mime-version", "message-id", "return-path", "delivered-to", "content-type", "reply-to", "cc"];

    public static ContentType Detect(ReadOnlySpan<byte> head, bool whole, string name)
    {
        if (TextDecoding.Guess(head, whole) is not { } encoding) return ContentType.Unknown;
        var text = encoding.GetString(head).TrimStart('\uFEFF').TrimStart();
        if (Markup(text) is { } markup) return markup;
        if (IsMail(text)) return ContentType.Email;
        return Path.GetExtension(name).ToLowerInvariant() switch
        {
            ".md" or ".markdown" => ContentType.Markdown,
            ".csv" or ".tsv" => ContentType.Csv,
            ".txt" or ".log" or ".json" or ".yaml" or ".yml" => ContentType.Text,
            _ when IsTable(text) => ContentType.Csv,
            _ when MarkdownMarks().Count(text) >= 2 => ContentType.Markdown,
            _ => ContentType.Text,
        };
    }

    private static ContentType? Markup(string text)
    {
        var body = text;
        // Comments may stand before the first element.
        while (body.StartsWith("<!--", StringComparison.Ordinal) && body.IndexOf("-->", StringComparison.Ordinal) is var end and > 0) body = body[(end + 3)..].TrimStart();
        if (body.StartsWith("<?xml", StringComparison.OrdinalIgnoreCase) || body.StartsWith("<svg", StringComparison.OrdinalIgnoreCase) || body.StartsWith("<!DOCTYPE svg", StringComparison.Ordinal))
        {
            var start = body[..Math.Min(4096, body.Length)];
            if (start.Contains("<svg", StringComparison.OrdinalIgnoreCase)) return ContentType.Svg;
            return start.Contains("<html", StringComparison.OrdinalIgnoreCase) ? ContentType.Html : ContentType.Xml;
        }
        if (HtmlStarts.Any(start => body.StartsWith(start, StringComparison.OrdinalIgnoreCase))) return ContentType.Html;
        if (!body.StartsWith('<')) return null;
        return body.Contains("<html", StringComparison.OrdinalIgnoreCase) ? ContentType.Html
            : XmlStart().IsMatch(body) ? ContentType.Xml
            : null;
    }

    private static bool IsMail(string text)
    {
        var found = 0;
        foreach (var line in text.Split('\n', 60).Take(59))
        {
            if (line.TrimEnd('\r').Length == 0) break;
            if (line[0] is ' ' or '\t') continue;
            var colon = line.IndexOf(':');
            if (colon <= 0 || line[..colon].AsSpan().ContainsAny(" \t")) return false;
            if (MailHeaders.Contains(line[..colon].ToLowerInvariant())) found++;
        }
        return found >= 2;
    }

    private static bool IsTable(string text)
    {
        var lines = text.Split('\n').SkipLast(1).Take(20).Where(line => line.Length > 1).ToList();
        return lines.Count >= 3 && ";\t,".Any(separator =>
        {
            var first = lines[0].Count(c => c == separator);
            return first >= 1 && lines.All(line => line.Count(c => c == separator) == first);
        });
    }

    [GeneratedRegex(@"^(#{1,6} \S|```|\|[ :-]*---[ :|-]*\|\s*$)|\[[^\]\n]+\]\([^)\n]+\)|\*\*[^*\n]+\*\*", RegexOptions.Multiline)]
    private static partial Regex MarkdownMarks();

    [GeneratedRegex(@"^<[A-Za-z_][\w.:-]*[\s/>]|^<!DOCTYPE|^<!ENTITY")]
    private static partial Regex XmlStart();
}
