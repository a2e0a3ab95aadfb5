using System.Xml.Linq;

namespace BlazorAdmin.Features.Documents.Formats;

/// <summary>What the styles of an OpenDocument file say: looks of text, and which lists count.</summary>
internal sealed class OpenStyles
{
    private readonly Dictionary<string, TextLook> _looks = [];
    private readonly HashSet<string> _titles = new(StringComparer.Ordinal) { "Title" };
    private readonly Dictionary<string, HashSet<int>> _numbered = [];

    public OpenStyles(params XElement?[] parts)
    {
        foreach (var style in parts.OfType<XElement>().SelectMany(part => part.Descendants()))
        {
            if (style.Name == Ns.Style + "style" && (string?)style.Attribute(Ns.Style + "name") is { } name) Add(name, style);
            else if (style.Name == Ns.Text + "list-style" && (string?)style.Attribute(Ns.Style + "name") is { } list)
                _numbered[list] = [.. style.Elements(Ns.Text + "list-level-style-number").Where(level => ((string?)level.Attribute(Ns.Style + "num-format") ?? "") != "").Select(level => (int?)level.Attribute(Ns.Text + "level") ?? 1)];
        }
    }

    public TextLook Look(string? style) => style is null ? TextLook.None : _looks.GetValueOrDefault(style, TextLook.None);

    public bool IsTitle(string? style) => style is not null && _titles.Contains(style);

    /// <param name="level">From 1.</param>
    public bool IsNumbered(string? list, int level) => list is not null && _numbered.TryGetValue(list, out var levels) && levels.Contains(level);

    private void Add(string name, XElement style)
    {
        if ((string?)style.Attribute(Ns.Style + "parent-style-name") == "Title") _titles.Add(name);
        if ((string?)style.Attribute(Ns.Style + "family") != "text" || style.Element(Ns.Style + "text-properties") is not { } properties) return;
        var look = TextLook.None;
        if ((string?)properties.Attribute(Ns.Fo + "font-weight") == "bold") look |= TextLook.Bold;
        if ((string?)properties.Attribute(Ns.Fo + "font-style") == "italic") look |= TextLook.Italic;
        if ((string?)properties.Attribute(Ns.Style + "text-line-through-style") is not (null or "none")) look |= TextLook.Strike;
        _looks[name] = look;
    }
}
