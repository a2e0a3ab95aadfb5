using System.Text;

namespace BlazorAdmin.Features.Documents.Formats;

/// <summary>The text of one paragraph with its looks and links; written as plain text and as Markdown (GFM).</summary>
internal sealed class InlineText
{
    private readonly List<(StringBuilder Text, TextLook Look, string? Link, bool Raw)> _runs = [];

    public bool IsBlank => _runs.TrueForAll(run => IsWhiteSpace(run.Text));

    public static InlineText Of(string text)
    {
        var made = new InlineText();
        made.Add(text);
        return made;
    }

    public void Add(string text, TextLook look = TextLook.None, string? link = null)
    {
        if (text.Length > 0) Append(text, look, link, raw: false);
    }

    /// <summary>Text that is Markdown already, such as a formula or the mark of a note.</summary>
    public void AddRaw(string markdown)
    {
        if (markdown.Length > 0) Append(markdown, TextLook.None, null, raw: true);
    }

    public void Add(InlineText other)
    {
        foreach (var run in other._runs) Append(run.Text.ToString(), run.Look, run.Link, run.Raw);
    }

    public string Plain()
    {
        var text = new StringBuilder();
        foreach (var run in _runs) text.Append(run.Text);
        return Tidy(text.ToString());
    }

    /// <param name="onLine">Line breaks become &lt;br&gt;, as cells of a table need it.</param>
    public string Markdown(bool onLine = false)
    {
        var text = new StringBuilder();
        for (var i = 0; i < _runs.Count; i++)
        {
            if (_runs[i].Link is not { } link)
            {
                text.Append(Write(_runs[i]));
                continue;
            }
            var inner = new StringBuilder();
            for (; i < _runs.Count && _runs[i].Link == link; i++) inner.Append(Write(_runs[i]));
            i--;
            AddLink(text, inner.ToString(), link);
        }
        return Tidy(text.ToString()).Replace("\n", onLine ? "<br>" : "  \n");
    }

    /// <summary>Targets that may stand in Markdown: what a browser could run or what lies on the server's disk is left out.</summary>
    public static string? SafeLink(string? target)
    {
        var link = target?.Trim();
        if (string.IsNullOrEmpty(link) || link.Length > 2_000 || link.Any(c => c <= ' ' || char.IsControl(c) || c is '<' or '>')) return null;
        var colon = link.IndexOf(':');
        var scheme = colon > 0 && link.IndexOfAny(['/', '?', '#']) is var end && (end < 0 || colon < end) ? link[..colon].ToLowerInvariant() : "";
        return scheme is "" or "http" or "https" or "mailto" or "tel" or "ftp" ? link : null;
    }

    /// <summary>Signs that Markdown would take for marks.</summary>
    public static string Escape(string text)
    {
        if (text.AsSpan().IndexOfAny(@"\`*_[]<>|&") < 0) return text;
        var escaped = new StringBuilder(text.Length + 8);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '<') escaped.Append("&lt;");
            else if (c == '>') escaped.Append("&gt;");
            else if (c is '\\' or '`' or '*' or '_' or '[' or ']' or '|') escaped.Append('\\').Append(c);
            // An ampersand alone is text; one that begins an entity would be read as it.
            else if (c == '&' && i + 1 < text.Length && (char.IsAsciiLetter(text[i + 1]) || text[i + 1] == '#')) escaped.Append("&amp;");
            else escaped.Append(c);
        }
        return escaped.ToString();
    }

    private void Append(string text, TextLook look, string? link, bool raw)
    {
        if (_runs.Count > 0 && _runs[^1] is var last && last.Look == look && last.Link == link && last.Raw == raw) last.Text.Append(text);
        else _runs.Add((new StringBuilder(text), look, link, raw));
    }

    private static string Write((StringBuilder Text, TextLook Look, string? Link, bool Raw) run)
    {
        var text = run.Text.ToString();
        if (run.Raw) return text;
        var inner = text.Trim();
        if (inner.Length == 0) return text;
        var start = text.IndexOf(inner[0]);
        var (before, after) = (text[..start], text[(start + inner.Length)..]);
        if (run.Look.HasFlag(TextLook.Code)) return $"{before}{Fence(inner)}{after}";
        // Markdown has no sign for it, and 10 to the 3rd is not 103: these two tags are allowed in it.
        var tag = run.Look.HasFlag(TextLook.Below) ? "sub" : run.Look.HasFlag(TextLook.Above) ? "sup" : null;
        var mark = (run.Look.HasFlag(TextLook.Strike) ? "~~" : "") + (run.Look.HasFlag(TextLook.Bold) ? "**" : "") + (run.Look.HasFlag(TextLook.Italic) ? "*" : "");
        var closing = (run.Look.HasFlag(TextLook.Italic) ? "*" : "") + (run.Look.HasFlag(TextLook.Bold) ? "**" : "") + (run.Look.HasFlag(TextLook.Strike) ? "~~" : "");
        return tag is null ? $"{before}{mark}{Escape(inner)}{closing}{after}" : $"{before}{mark}<{tag}>{Escape(inner)}</{tag}>{closing}{after}";
    }

    private static string Fence(string code)
    {
        var flat = code.Replace('\n', ' ');
        return flat.Contains('`') ? $"`` {flat} ``" : $"`{flat}`";
    }

    private static void AddLink(StringBuilder text, string inner, string link)
    {
        var trimmed = inner.Trim();
        if (trimmed.Length == 0)
        {
            text.Append(inner);
            return;
        }
        var start = inner.IndexOf(trimmed[0]);
        text.Append(inner.AsSpan(0, start)).Append('[').Append(trimmed).Append("](").Append(link.Replace("(", "%28").Replace(")", "%29")).Append(')').Append(inner.AsSpan(start + trimmed.Length));
    }

    /// <summary>No blanks at line ends and no empty lines, which would end the paragraph.</summary>
    private static string Tidy(string text)
    {
        var clean = text.Replace("\r", "").Replace('\t', ' ');
        if (!clean.Contains('\n')) return clean.Trim();
        return string.Join('\n', clean.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
    }

    private static bool IsWhiteSpace(StringBuilder text)
    {
        foreach (var chunk in text.GetChunks())
        {
            if (!chunk.Span.IsWhiteSpace()) return false;
        }
        return true;
    }
}
