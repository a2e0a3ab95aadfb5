using System.Globalization;
using BlazorAdmin.Features.Documents.Reading;

namespace BlazorAdmin.Features.Documents.Formats;

/// <summary>Estimates nesting before parsing: a parser follows the specification through every open element, which takes hours at 100,000 of them.</summary>
internal static class HtmlDepth
{
    private const int Limit = 400;

    /// <summary>Elements that have no end tag, or whose end tag is usually left out.</summary>
    private static readonly HashSet<string> Closed = new(StringComparer.OrdinalIgnoreCase)
    {
        "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr", "p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "colgroup", "option",
        "optgroup", "rp", "rt", "html", "head", "body", "script", "style",
    };

    /// <exception cref="ReadStoppedException">Deeper than any document that a person reads.</exception>
    public static void Check(string html)
    {
        var depth = 0;
        var lookup = Closed.GetAlternateLookup<ReadOnlySpan<char>>();
        for (var at = html.IndexOf('<'); at >= 0 && at + 1 < html.Length; at = html.IndexOf('<', at + 1))
        {
            var closes = html[at + 1] == '/';
            var start = at + (closes ? 2 : 1);
            if (start >= html.Length || !char.IsAsciiLetter(html[start])) continue;
            var end = start;
            while (end < html.Length && char.IsAsciiLetterOrDigit(html[end])) end++;
            if (lookup.Contains(html.AsSpan(start, end - start))) continue;
            depth = Math.Max(0, depth + (closes ? -1 : 1));
            if (depth > Limit) throw new ReadStoppedException(ReadOutcome.Suspicious, new ReadReason("NestedTooDeep", Limit.ToString(CultureInfo.InvariantCulture)));
        }
    }
}
