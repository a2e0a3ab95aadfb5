using System.Xml.Linq;

namespace BlazorAdmin.Features.Documents.Formats;

/// <summary>Reads what stands in one paragraph of an OpenDocument file, and gathers what hangs on it.</summary>
internal sealed class OpenText(OpenStyles styles)
{
    public InlineText Text { get; } = new();

    /// <summary>Frames and shapes with text of their own.</summary>
    public List<XElement> Floating { get; } = [];

    /// <summary>Notes and annotations, with the mark that stands in the text.</summary>
    public List<(string Mark, XElement Note)> Notes { get; } = [];

    public bool BreaksPage { get; private set; }

    public void Read(XElement element, TextLook look = TextLook.None, string? link = null)
    {
        foreach (var node in element.Nodes())
        {
            if (node is XText text) Text.Add(Collapse(text.Value), look, link);
            else if (node is XElement child) Read(child, child.Name.LocalName, look, link);
        }
    }

    private void Read(XElement child, string name, TextLook look, string? link)
    {
        switch (name)
        {
            case "s":
                Text.Add(new string(' ', Math.Clamp((int?)child.Attribute(Ns.Text + "c") ?? 1, 1, 1_000)), look, link);
                break;
            case "tab":
                Text.Add("\t", look, link);
                break;
            case "line-break":
                Text.Add("\n", look, link);
                break;
            case "soft-page-break":
                BreaksPage = true;
                break;
            case "a" when child.Name.Namespace == Ns.Text:
                Read(child, look, InlineText.SafeLink((string?)child.Attribute(Ns.Xlink + "href")) ?? link);
                break;
            case "note":
                var mark = $"[^{child.Element(Ns.Text + "note-citation")?.Value.Trim()}]";
                Text.AddRaw(mark);
                Notes.Add((mark + ":", child.Element(Ns.Text + "note-body") ?? child));
                break;
            case "annotation":
                Notes.Add(((string?)child.Element(Ns.DublinCore + "creator") is { Length: > 0 } author ? $"[{author}]" : "", child));
                break;
            case "ruby":
                if (child.Element(Ns.Text + "ruby-base") is { } ruby) Read(ruby, look, link);
                break;
            case "hidden-text" or "tracked-changes" or "change" or "change-start" or "change-end" or "bookmark" or "annotation-end":
                break;
            case var _ when child.Name.Namespace == Ns.Draw:
                Floating.Add(child);
                break;
            default:
                Read(child, look | styles.Look((string?)child.Attribute(Ns.Text + "style-name")), link);
                break;
        }
    }

    /// <summary>White space counts once (OpenDocument 1.3, 6.1.2); more of it stands as text:s.</summary>
    private string Collapse(string text)
    {
        var words = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        if (words.Length == 0) return text.Length > 0 && !Text.IsBlank ? " " : "";
        return (char.IsWhiteSpace(text[0]) && !Text.IsBlank ? " " : "") + words + (char.IsWhiteSpace(text[^1]) ? " " : "");
    }
}
