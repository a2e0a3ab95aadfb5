using System.Globalization;
using System.Xml.Linq;

namespace BlazorAdmin.Features.Documents.Formats;

/// <summary>Reads what stands in one paragraph of a Word document: its text, and what hangs on it and is written after it.</summary>
internal sealed class WordLine(WordStyles styles, WordFields fields, Func<string, OfficeRelation?> relation)
{
    private const string Dropped = "del moveFrom delText delInstrText pPr rPr proofErr bookmarkStart bookmarkEnd lastRenderedPageBreak rt";
    private static readonly HashSet<string> Skipped = [.. Dropped.Split(' ')];

    public InlineText Text { get; } = new();

    public List<string> Equations { get; } = [];

    /// <summary>Text boxes (w:txbxContent) and drawings, in order.</summary>
    public List<XElement> Floating { get; } = [];

    /// <summary>Notes and comments that the paragraph refers to, as kind and id.</summary>
    public List<(string Kind, string Id)> References { get; } = [];

    /// <summary>A page ends before any text of this paragraph.</summary>
    public bool BreaksBefore { get; private set; }

    /// <summary>A page ends inside this paragraph, or after it.</summary>
    public bool BreaksAfter { get; private set; }

    public bool HasHidden { get; private set; }

    public void Read(XElement paragraph)
    {
        Inline(paragraph, null);
        fields.EndParagraph();
    }

    private void Inline(XElement parent, string? link)
    {
        foreach (var item in parent.Elements())
        {
            var name = item.Name.LocalName;
            if (item.Name.Namespace == Ns.M) Equation(item);
            else if (item.Name == Ns.Mc + "AlternateContent") Inline(Chosen(item), link);
            else if (name == "r") Run(item, link);
            else if (name == "hyperlink") Inline(item, Target(item) ?? link);
            else if (name == "fldSimple") Inline(item, WordFields.LinkOf((string?)item.Attribute(Ns.W + "instr") ?? "") ?? link);
            else if (name == "sdt") Inline(item.Element(Ns.W + "sdtContent") ?? new XElement("none"), link);
            else if (name == "lastRenderedPageBreak") Break();
            else if (!Skipped.Contains(name)) Inline(item, link);
        }
    }

    private void Run(XElement run, string? link)
    {
        var properties = run.Element(Ns.W + "rPr");
        if (WordStyles.IsHidden(properties))
        {
            HasHidden = true;
            foreach (var mark in run.Elements(Ns.W + "fldChar")) fields.Mark((string?)mark.Attribute(Ns.W + "fldCharType"));
            return;
        }
        var look = styles.Look(properties);
        foreach (var piece in run.Elements()) Piece(piece, look, link, properties);
    }

    private void Piece(XElement piece, TextLook look, string? link, XElement? properties)
    {
        switch (piece.Name.LocalName)
        {
            case "t" when piece.Name.Namespace == Ns.W:
                Add(piece.Value, look, link);
                break;
            case "tab" or "ptab":
                Add("\t", TextLook.None, link);
                break;
            case "br" when (string?)piece.Attribute(Ns.W + "type") == "page":
                Break();
                break;
            case "br" or "cr":
                Add("\n", TextLook.None, link);
                break;
            case "noBreakHyphen":
                Add("‑", look, link);
                break;
            case "sym":
                Add(Symbol(piece, properties), look, link);
                break;
            case "fldChar":
                fields.Mark((string?)piece.Attribute(Ns.W + "fldCharType"));
                break;
            case "instrText":
                fields.Instruct(piece.Value);
                break;
            case "lastRenderedPageBreak":
                Break();
                break;
            case "footnoteReference" or "endnoteReference" or "commentReference":
                if ((string?)piece.Attribute(Ns.W + "id") is { } id) References.Add((piece.Name.LocalName[..^"Reference".Length], id));
                if (piece.Name.LocalName != "commentReference") Text.AddRaw(NoteMark(References[^1]));
                break;
            case "ruby":
                Inline(piece.Element(Ns.W + "rubyBase") ?? new XElement("none"), link);
                break;
            case "AlternateContent":
                foreach (var inner in Chosen(piece).Elements()) Piece(inner, look, link, properties);
                break;
            case "drawing" or "pict" or "object":
                Floating.Add(piece);
                break;
        }
    }

    /// <summary>Footnote 2 and endnote 2 of one document are two notes.</summary>
    public static string NoteMark((string Kind, string Id) note) => note.Kind == "endnote" ? $"[^e{note.Id}]" : $"[^{note.Id}]";

    /// <summary>One side of an alternative: the modern one, or the only one.</summary>
    public static XElement Chosen(XElement alternative) =>
        alternative.Element(Ns.Mc + "Choice") is { HasElements: true } choice ? choice : alternative.Element(Ns.Mc + "Fallback") ?? new XElement("none");

    private void Equation(XElement math)
    {
        if (fields.InInstruction) return;
        if (math.Name.LocalName == "oMathPara")
        {
            Equations.AddRange(math.Elements(Ns.M + "oMath").Select(EquationText.Of));
            return;
        }
        var formula = EquationText.Of(math);
        if (formula.Trim().Length == 0) return;
        // Alone in its paragraph it is a formula of its own; with text beside it a part of the sentence.
        if (math.Parent!.Elements().All(sibling => sibling.Name.Namespace == Ns.M || sibling.Name == Ns.W + "pPr" || sibling.Value.Trim().Length == 0)) Equations.Add(formula);
        else Text.AddRaw($"${formula}$");
    }

    private void Add(string text, TextLook look, string? link)
    {
        if (!fields.InInstruction) Text.Add(text, look, link ?? fields.Link);
    }

    private void Break()
    {
        if (Text.IsBlank) BreaksBefore = true;
        else BreaksAfter = true;
    }

    private string? Target(XElement hyperlink)
    {
        if ((string?)hyperlink.Attribute(Ns.R + "id") is { } id && relation(id) is { External: true } target) return InlineText.SafeLink(target.Target);
        return (string?)hyperlink.Attribute(Ns.W + "anchor") is { } anchor ? InlineText.SafeLink("#" + anchor) : null;
    }

    /// <summary>Signs of the symbol fonts that stand for letters; others have no meaning as text.</summary>
    private static string Symbol(XElement symbol, XElement? properties)
    {
        if (!int.TryParse((string?)symbol.Attribute(Ns.W + "char"), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var code)) return "";
        var font = (string?)symbol.Attribute(Ns.W + "font") ?? (string?)properties?.Element(Ns.W + "rFonts")?.Attribute(Ns.W + "ascii") ?? "";
        // Word moves the signs of such fonts into the private area.
        if (code is >= 0xF000 and <= 0xF0FF) code -= 0xF000;
        else return code is >= 0x20 and < 0xD800 or > 0xF8FF and < 0xFFFE ? char.ConvertFromUtf32(code) : "";
        return SymbolFonts.Text(font, code);
    }
}
