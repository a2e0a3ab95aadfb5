using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace BlazorAdmin.Features.Documents.Formats;

/// <summary>What the styles of a Word document say about a paragraph or a run, inheritance resolved.</summary>
internal sealed partial class WordStyles
{
    private const int MaxChain = 12;
    private readonly Dictionary<string, XElement> _styles = [];
    private readonly string? _default;

    public WordStyles(XElement? root)
    {
        foreach (var style in root?.Elements(Ns.W + "style") ?? [])
        {
            if (Id(style) is not { } id) continue;
            _styles.TryAdd(id, style);
            if ((string?)style.Attribute(Ns.W + "type") == "paragraph" && style.Attribute(Ns.W + "default") is { } first && IsOn(first.Value)) _default ??= id;
        }
    }

    /// <summary>1 to 9; null for a paragraph that is no heading. The name of a built-in style is English in every language of Word.</summary>
    public int? Heading(XElement? properties)
    {
        if (Level(properties) is { } own) return own;
        foreach (var style in Chain(Style(properties) ?? _default))
        {
            var name = (string?)style.Element(Ns.W + "name")?.Attribute(Ns.W + "val") ?? "";
            if (name.Equals("Title", StringComparison.OrdinalIgnoreCase)) return 1;
            if (HeadingName().Match(name) is { Success: true } match) return int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
            if (Level(style.Element(Ns.W + "pPr")) is { } level) return level;
        }
        return null;
    }

    /// <summary>Number of the list and depth in it; null for a paragraph that is no item.</summary>
    public (string List, int Depth)? Numbering(XElement? properties)
    {
        string? list = null;
        int? depth = null;
        foreach (var numbering in Chain(Style(properties) ?? _default).Select(style => style.Element(Ns.W + "pPr")).Prepend(properties).Select(found => found?.Element(Ns.W + "numPr")).OfType<XElement>())
        {
            list ??= Value(numbering, "numId");
            depth ??= int.TryParse(Value(numbering, "ilvl"), CultureInfo.InvariantCulture, out var level) ? level : null;
        }
        // Number 0 takes an inherited list away.
        return list is null or "0" ? null : (list, Math.Clamp(depth ?? 0, 0, 8));
    }

    public bool IsCode(XElement? properties) => Style(properties) is { } id && Chain(id).Take(1).Any(style =>
        CodeName().IsMatch((string?)style.Element(Ns.W + "name")?.Attribute(Ns.W + "val") ?? ""));

    public TextLook Look(XElement? run)
    {
        var look = TextLook.None;
        if (Says(run, "b")) look |= TextLook.Bold;
        if (Says(run, "i")) look |= TextLook.Italic;
        if (Says(run, "strike") || Says(run, "dstrike")) look |= TextLook.Strike;
        return Value(run, "vertAlign") switch
        {
            "subscript" => look | TextLook.Below,
            "superscript" => look | TextLook.Above,
            _ => look,
        };
    }

    public static bool IsHidden(XElement? run) => run?.Element(Ns.W + "vanish") is { } hidden && IsOn((string?)hidden.Attribute(Ns.W + "val"));

    public static string? Value(XElement? parent, string name) => (string?)parent?.Element(Ns.W + name)?.Attribute(Ns.W + "val");

    public static bool Says(XElement? parent, string name, bool otherwise) => parent?.Element(Ns.W + name) is { } found ? IsOn((string?)found.Attribute(Ns.W + "val")) : otherwise;

    private bool Says(XElement? run, string name)
    {
        if (run?.Element(Ns.W + name) is not null) return Says(run, name, false);
        return Value(run, "rStyle") is { } id && Chain(id).Select(style => style.Element(Ns.W + "rPr")).FirstOrDefault(properties => properties?.Element(Ns.W + name) is not null) is { } inherited && Says(inherited, name, false);
    }

    private IEnumerable<XElement> Chain(string? id)
    {
        for (var i = 0; i < MaxChain && id is not null && _styles.TryGetValue(id, out var style); i++)
        {
            yield return style;
            id = Value(style, "basedOn");
        }
    }

    private static int? Level(XElement? properties) => int.TryParse(Value(properties, "outlineLvl"), CultureInfo.InvariantCulture, out var level) && level is >= 0 and <= 8 ? level + 1 : null;

    private static string? Style(XElement? properties) => Value(properties, "pStyle");

    private static string? Id(XElement style) => (string?)style.Attribute(Ns.W + "styleId");

    private static bool IsOn(string? value) => value is null or "1" or "true" or "on";

    [GeneratedRegex(@"^heading ([1-9])$", RegexOptions.IgnoreCase)]
    private static partial Regex HeadingName();

    [GeneratedRegex(@"(^|[\s_-])code($|[\s_-])|preformatted|sourcecode", RegexOptions.IgnoreCase)]
    private static partial Regex CodeName();
}
