using System.Text;

namespace BlazorAdmin.Features.Documents.Formats;

/// <summary>Follows complex fields (begin, instruction, separate, result, end), so that results are text and instructions are not.</summary>
internal sealed class WordFields
{
    private const int MaxDepth = 50;
    private readonly List<Field> _open = [];

    public bool InInstruction => _open.Exists(one => !one.InResult);

    /// <summary>Target of the innermost link whose result is being read.</summary>
    public string? Link => _open.Select(one => one.Link).LastOrDefault(link => link is not null);

    public void Mark(string? type)
    {
        if (type == "begin" && _open.Count < MaxDepth) _open.Add(new Field());
        else if (type == "separate" && _open.Count > 0) _open[^1].Separate();
        else if (type == "end" && _open.Count > 0) _open.RemoveAt(_open.Count - 1);
    }

    public void Instruct(string text)
    {
        if (_open.Count > 0) _open[^1].Instruction.Append(text);
    }

    /// <summary>At the end of a paragraph: a field that is left open must not swallow the rest of the document.</summary>
    public void EndParagraph()
    {
        foreach (var field in _open.Where(field => !field.InResult)) field.Separate();
    }

    /// <summary>Target of HYPERLINK "target" or HYPERLINK \l "bookmark"; null for other fields.</summary>
    public static string? LinkOf(string instruction)
    {
        var words = instruction.Trim();
        if (!words.StartsWith("HYPERLINK", StringComparison.OrdinalIgnoreCase)) return null;
        var quotes = words.Split('"');
        if (quotes.Length < 2) return null;
        return quotes[0].Contains("\\l", StringComparison.Ordinal) ? InlineText.SafeLink("#" + quotes[1]) : InlineText.SafeLink(quotes[1]);
    }

    private sealed class Field
    {
        public StringBuilder Instruction { get; } = new();

        public bool InResult { get; private set; }

        public string? Link { get; private set; }

        public void Separate()
        {
            InResult = true;
            Link = LinkOf(Instruction.ToString());
        }
    }
}
