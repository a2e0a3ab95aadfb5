using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using BlazorAdmin.Features.Documents.Reading;

namespace BlazorAdmin.Features.Documents.Formats;

/// <summary>Excel workbooks (ISO/IEC 29500, Transitional and Strict): each sheet is a page, with its tables, comments, charts and text boxes; formulas show their kept results.</summary>
internal sealed class SheetReader
{
    private const int MaxDepth = 64;
    private readonly OfficePackage _package;
    private readonly StepContext _context;
    private readonly CancellationToken _cancel;
    private readonly FlowText _flow;
    private readonly List<string> _strings = [];
    private readonly SheetFormats _formats;

    private SheetReader(OfficePackage package, string main, XElement workbook, StepContext context, CancellationToken cancel)
    {
        (_package, _context, _cancel) = (package, context, cancel);
        _flow = new FlowText(context.Options.MaxTextBytes);
        var from1904 = (string?)workbook.Element(Ns.X + "workbookPr")?.Attribute("date1904") is "1" or "true";
        _formats = new SheetFormats(package.Related(main, "styles") is { } styles ? package.Tree(styles) : null, from1904);
        if (package.Related(main, "sharedStrings") is { } strings) ReadStrings(strings);
    }

    public static Conversion Read(string path, StepContext context, CancellationToken cancel)
    {
        using var package = new OfficePackage(path);
        var main = package.Main ?? "xl/workbook.xml";
        if (package.Tree(main) is not { } workbook || workbook.Element(Ns.X + "sheets") is not { } sheets) throw new InvalidDataException("The package has no workbook.");
        var reader = new SheetReader(package, main, workbook, context, cancel);
        foreach (var sheet in sheets.Elements(Ns.X + "sheet")) reader.Sheet(main, sheet);
        return reader._flow.ToConversion(WordReader.Engine);
    }

    private void Sheet(string main, XElement sheet)
    {
        var name = (string?)sheet.Attribute("name") ?? "";
        if ((string?)sheet.Attribute(Ns.R + "id") is not { } id || _package.Relations(main).GetValueOrDefault(id) is not { External: false } relation) return;
        _flow.NewPage();
        _flow.Heading(2, InlineText.Of((string?)sheet.Attribute("state") is "hidden" or "veryHidden" ? $"{name} (hidden)" : name));
        var grid = new SheetGrid();
        if (relation.Kind == "worksheet") ReadCells(relation.Target, grid);
        grid.Write(_flow, _cancel);
        foreach (var related in _package.Relations(relation.Target).Values.Where(related => !related.External && related.Kind == "drawing")) Drawing(related.Target);
        SheetComments.Write(_package, relation.Target, _flow);
    }

    private void ReadStrings(string part)
    {
        using var reader = _package.Stream(part);
        if (reader is null) return;
        long characters = 0;
        while (Next(reader))
        {
            if (reader.NodeType != XmlNodeType.Element || reader.LocalName != "si") continue;
            _strings.Add(StringItem(reader));
            characters += _strings[^1].Length + 20;
            if (characters > _context.Options.MaxTextBytes) throw new ReadStoppedException(ReadOutcome.TooLarge, TextConverter.TooLarge(_context.Options).Reason!);
        }
    }

    /// <summary>Text of si or is: its runs, without the phonetic guide.</summary>
    private string StringItem(XmlReader reader)
    {
        if (reader.IsEmptyElement) return "";
        var (text, depth) = (new StringBuilder(), reader.Depth);
        var inText = false;
        var phonetic = int.MaxValue;
        while (Next(reader) && reader.Depth > depth)
        {
            if (reader.NodeType == XmlNodeType.Element)
            {
                if (reader.Depth <= phonetic) phonetic = reader.LocalName == "rPh" ? reader.Depth : int.MaxValue;
                inText = reader.LocalName == "t" && !reader.IsEmptyElement;
            }
            else if (reader.NodeType == XmlNodeType.EndElement) inText = false;
            else if (inText && phonetic == int.MaxValue && reader.NodeType is XmlNodeType.Text or XmlNodeType.SignificantWhitespace or XmlNodeType.Whitespace or XmlNodeType.CDATA) text.Append(inText ? reader.Value : "");
        }
        return text.ToString();
    }

    private void ReadCells(string part, SheetGrid grid)
    {
        using var reader = _package.Stream(part);
        if (reader is null) return;
        var (row, column) = (-1, -1);
        while (Next(reader))
        {
            if (reader.NodeType != XmlNodeType.Element) continue;
            switch (reader.LocalName)
            {
                case "row":
                    _cancel.ThrowIfCancellationRequested();
                    row = int.TryParse(reader.GetAttribute("r"), CultureInfo.InvariantCulture, out var number) && number > 0 ? number - 1 : row + 1;
                    column = -1;
                    break;
                case "c":
                    var place = reader.GetAttribute("r") is { } reference ? CellReference.Parse(reference) : null;
                    (row, column) = place ?? (Math.Max(row, 0), column + 1);
                    grid.Set(row, column, Cell(reader));
                    break;
                case "mergeCell":
                    var corners = (reader.GetAttribute("ref") ?? "").Split(':');
                    if (corners.Length == 2 && CellReference.Parse(corners[0]) is { } first && CellReference.Parse(corners[1]) is { } last) grid.Merge(first, last);
                    break;
            }
        }
    }

    private string Cell(XmlReader reader)
    {
        var type = reader.GetAttribute("t") ?? "n";
        var look = int.TryParse(reader.GetAttribute("s"), CultureInfo.InvariantCulture, out var index) ? index : 0;
        if (reader.IsEmptyElement) return "";
        var depth = reader.Depth;
        string? value = null, inline = null;
        while (Next(reader) && reader.Depth > depth)
        {
            if (reader.NodeType != XmlNodeType.Element) continue;
            if (reader.LocalName == "is") inline = StringItem(reader);
            else if (reader.LocalName == "v") value = StringValue(reader);
        }
        if (type == "inlineStr") return inline ?? "";
        if (value is null) return inline ?? "";
        return type switch
        {
            "s" => int.TryParse(value, CultureInfo.InvariantCulture, out var number) && number >= 0 && number < _strings.Count ? _strings[number] : "",
            "b" => value.Trim() == "1" ? "TRUE" : "FALSE",
            "n" => _formats.Text(value.Trim(), look),
            "d" => value.Trim().Replace("T00:00:00", ""),
            _ => value,
        };
    }

    private string StringValue(XmlReader reader)
    {
        if (reader.IsEmptyElement) return "";
        var (text, depth) = (new StringBuilder(), reader.Depth);
        while (Next(reader) && reader.Depth > depth)
        {
            if (reader.NodeType is XmlNodeType.Text or XmlNodeType.SignificantWhitespace or XmlNodeType.CDATA) text.Append(reader.Value);
        }
        return text.ToString();
    }

    private static bool Next(XmlReader reader)
    {
        if (!reader.Read()) return false;
        return reader.Depth <= MaxDepth ? true : throw new ReadStoppedException(ReadOutcome.Suspicious, new ReadReason("NestedTooDeep", MaxDepth.ToString(CultureInfo.InvariantCulture)));
    }

    private void Drawing(string part)
    {
        if (_package.Tree(part) is not { } drawing) return;
        foreach (var element in drawing.Descendants())
        {
            if (element.Name == Ns.A + "p" && !element.Ancestors(Ns.Mc + "Fallback").Any()) _flow.Paragraph(DrawingText.Paragraph(element));
            else if (element.Name == Ns.C + "chart" && (string?)element.Attribute(Ns.R + "id") is { } id
                && _package.Relations(part).GetValueOrDefault(id) is { External: false } relation && _package.Tree(relation.Target) is { } chart) ChartText.Write(chart, _flow);
        }
    }
}
