using System.Globalization;
using System.Xml.Linq;

namespace BlazorAdmin.Features.Documents.Formats;

/// <summary>Text of DrawingML: paragraphs of shapes, diagrams (SmartArt) and charts.</summary>
internal static class DrawingText
{
    /// <summary>One paragraph (a:p): its runs, fields and line breaks.</summary>
    public static InlineText Paragraph(XElement paragraph, Func<string, string?>? link = null)
    {
        var text = new InlineText();
        foreach (var piece in paragraph.Elements())
        {
            switch (piece.Name.LocalName)
            {
                case "r" or "fld":
                    var properties = piece.Element(Ns.A + "rPr");
                    var address = properties?.Element(Ns.A + "hlinkClick")?.Attribute(Ns.R + "id")?.Value;
                    text.Add(piece.Element(Ns.A + "t")?.Value ?? "", Look(properties), address is null ? null : InlineText.SafeLink(link?.Invoke(address)));
                    break;
                case "br":
                    text.Add("\n");
                    break;
                case "AlternateContent" or "m":
                    foreach (var formula in piece.DescendantsAndSelf(Ns.M + "oMath").Take(1)) text.AddRaw($"${EquationText.Of(formula)}$");
                    break;
            }
        }
        return text;
    }

    /// <summary>Every paragraph below an element that has text.</summary>
    public static void Write(XElement root, FlowText flow)
    {
        foreach (var paragraph in root.Descendants(Ns.A + "p")) flow.Paragraph(Paragraph(paragraph));
    }

    /// <summary>The points of a diagram in their order; a diagram draws each of them once, whatever its layout.</summary>
    public static void WriteDiagram(XElement data, FlowText flow)
    {
        foreach (var text in data.Descendants(Ns.Diagram + "t")) Write(text, flow);
    }

    private static TextLook Look(XElement? properties)
    {
        if (properties is null) return TextLook.None;
        var look = TextLook.None;
        if ((string?)properties.Attribute("b") is "1" or "true") look |= TextLook.Bold;
        if ((string?)properties.Attribute("i") is "1" or "true") look |= TextLook.Italic;
        if ((string?)properties.Attribute("strike") is "sngStrike" or "dblStrike") look |= TextLook.Strike;
        var raised = int.TryParse((string?)properties.Attribute("baseline"), CultureInfo.InvariantCulture, out var percent) ? percent : 0;
        return raised == 0 ? look : look | (raised > 0 ? TextLook.Above : TextLook.Below);
    }
}
