using System.Globalization;
using System.Xml.Linq;
using BlazorAdmin.Features.Documents.Reading;

namespace BlazorAdmin.Features.Documents.Formats;

/// <summary>
/// Word documents (ISO/IEC 29500, Transitional and Strict) with everything that carries text: body, text boxes, shapes, diagrams,
/// charts, nested tables, notes, comments, headers and footers. Insertions are kept, deletions and hidden text are not.
/// </summary>
internal sealed class WordReader
{
    public const string Engine = "office";
    private readonly OfficePackage _package;
    private readonly StepContext _context;
    private readonly CancellationToken _cancel;
    private readonly FlowText _flow;
    private readonly WordStyles _styles;
    private readonly WordNumbering _numbering;
    private readonly Dictionary<(string Kind, string Id), (XElement Note, string Part)> _notes = [];
    private readonly HashSet<(string Kind, string Id)> _written = [];
    private readonly List<(string Kind, string Id)> _waiting = [];
    private WordFields _fields = new();
    private string _part;
    private bool _hidden;

    private WordReader(OfficePackage package, string main, StepContext context, CancellationToken cancel)
    {
        (_package, _part, _context, _cancel) = (package, main, context, cancel);
        _flow = new FlowText(context.Options.MaxTextBytes);
        _styles = new WordStyles(Related("styles"));
        _numbering = new WordNumbering(Related("numbering"));
        foreach (var kind in new[] { "footnote", "endnote", "comment" })
        {
            foreach (var note in Related(kind + "s")?.Elements(Ns.W + kind) ?? [])
            {
                if ((string?)note.Attribute(Ns.W + "id") is { } id && (string?)note.Attribute(Ns.W + "type") is null or "normal") _notes.TryAdd((kind, id), (note, package.Related(main, kind + "s")!));
            }
        }
    }

    /// <exception cref="InvalidDataException">No Word document in the package.</exception>
    /// <exception cref="System.Xml.XmlException">A part is not well-formed.</exception>
    /// <exception cref="ReadStoppedException">A limit was met.</exception>
    public static Conversion Read(string path, StepContext context, CancellationToken cancel)
    {
        using var package = new OfficePackage(path);
        var main = package.Main ?? "word/document.xml";
        if (package.Tree(main)?.Element(Ns.W + "body") is not { } body) throw new InvalidDataException("The package has no document body.");
        var reader = new WordReader(package, main, context, cancel);
        reader.Body(body);
        return reader._flow.ToConversion(Engine);
    }

    private void Body(XElement body)
    {
        Blocks(body, _flow);
        Notes(_flow);
        // A comment that no run refers to any more is still in the file.
        foreach (var (kind, id) in _notes.Keys.Where(note => note.Kind == "comment" && !_written.Contains(note)).ToList()) _waiting.Add((kind, id));
        Notes(_flow);
        Furniture(body);
        if (_hidden) _context.Log("Hidden text was left out.");
    }

    private void Blocks(XElement parent, FlowText flow)
    {
        var code = new List<string>();
        foreach (var block in parent.Elements())
        {
            _cancel.ThrowIfCancellationRequested();
            if (block.Name == Ns.W + "p" && _styles.IsCode(block.Element(Ns.W + "pPr")))
            {
                code.Add(Line(block).Text.Plain());
                continue;
            }
            Flush(code, flow);
            Block(block, flow);
        }
        Flush(code, flow);
    }

    private void Block(XElement block, FlowText flow)
    {
        switch (block.Name.LocalName)
        {
            case "p":
                Paragraph(block, flow);
                break;
            case "tbl":
                Table(block, flow);
                break;
            case "sdt":
                if (block.Element(Ns.W + "sdtContent") is { } content) Blocks(content, flow);
                break;
            case "AlternateContent":
                Blocks(WordLine.Chosen(block), flow);
                break;
            case "ins" or "moveTo" or "customXml" or "smartTag" or "txbxContent" or "sdtContent":
                Blocks(block, flow);
                break;
            case "oMathPara" or "oMath":
                flow.Equation(EquationText.Of(block));
                break;
        }
    }

    private void Paragraph(XElement paragraph, FlowText flow)
    {
        var properties = paragraph.Element(Ns.W + "pPr");
        var line = Line(paragraph);
        if (flow == _flow && (line.BreaksBefore || WordStyles.Says(properties, "pageBreakBefore", false))) NextPage();
        var heading = _styles.Heading(properties);
        // Counted also when the paragraph has no text of its own: the next number shows it.
        var list = _styles.Numbering(properties);
        var marker = list is { } numbered && (!line.Text.IsBlank || line.Equations.Count > 0) ? _numbering.Next(numbered.List, numbered.Depth) : null;
        if (heading is { } level)
        {
            var text = new InlineText();
            if (marker is not null and not "-") text.Add(marker.TrimEnd('.') + " ");
            text.Add(line.Text);
            flow.Heading(level, text);
        }
        else if (marker is not null) flow.Item(list!.Value.Depth, marker, line.Text);
        else flow.Paragraph(line.Text);
        line.Equations.ForEach(flow.Equation);
        foreach (var item in line.Floating) Floating(item, flow);
        _waiting.AddRange(line.References);
        foreach (var comment in line.References.Where(reference => reference.Kind == "comment")) Note(comment, flow);
        if (flow == _flow && (line.BreaksAfter || EndsPage(properties?.Element(Ns.W + "sectPr")))) NextPage();
    }

    /// <summary>A section ends with the paragraph that holds its properties; where none is said, the next one begins on a new page.</summary>
    private static bool EndsPage(XElement? section) => section is not null && WordStyles.Value(section, "type") is not ("continuous" or "nextColumn");

    private WordLine Line(XElement paragraph)
    {
        var line = new WordLine(_styles, _fields, id => _package.Relations(_part).GetValueOrDefault(id));
        line.Read(paragraph);
        _hidden |= line.HasHidden;
        return line;
    }

    private void NextPage()
    {
        Notes(_flow);
        _flow.NewPage();
    }

    private void Table(XElement table, FlowText flow)
    {
        var rows = Rows(table).ToList();
        // A table of one cell is a frame around its content.
        if (rows is [var only] && Cells(only).ToList() is [var frame])
        {
            Blocks(frame, flow);
            return;
        }
        var grid = new TableGrid();
        foreach (var row in rows)
        {
            _cancel.ThrowIfCancellationRequested();
            grid.NewRow();
            if (int.TryParse(WordStyles.Value(row.Element(Ns.W + "trPr"), "gridBefore"), CultureInfo.InvariantCulture, out var before)) grid.Add("", "", before);
            foreach (var cell in Cells(row))
            {
                var properties = cell.Element(Ns.W + "tcPr");
                var span = int.TryParse(WordStyles.Value(properties, "gridSpan"), CultureInfo.InvariantCulture, out var columns) ? columns : 1;
                if (grid.Rows > 1 && properties?.Element(Ns.W + "vMerge") is { } merge && (string?)merge.Attribute(Ns.W + "val") is not "restart")
                {
                    grid.Continue(span);
                    continue;
                }
                var inner = flow.Inner();
                Blocks(cell, inner);
                var (markdown, plain) = inner.Cell();
                grid.Add(markdown, plain, span);
            }
        }
        flow.Table(grid);
    }

    private static IEnumerable<XElement> Rows(XElement table) => Inside(table, "tr").Where(row => row.Element(Ns.W + "trPr")?.Element(Ns.W + "del") is null);

    private static IEnumerable<XElement> Cells(XElement row) => Inside(row, "tc");

    /// <summary>Rows and cells may stand inside content controls.</summary>
    private static IEnumerable<XElement> Inside(XElement parent, string name) => parent.Elements().SelectMany(child => child.Name == Ns.W + name ? [child]
        : child.Name == Ns.W + "sdt" ? Inside(child.Element(Ns.W + "sdtContent") ?? new XElement("none"), name)
        : child.Name.LocalName is "ins" or "customXml" ? Inside(child, name)
        : []);

    private void Floating(XElement drawing, FlowText flow)
    {
        // The outermost boxes only: a box inside a box is read with its content.
        foreach (var part in drawing.Elements()) Drawn(part, flow);
    }

    private void Drawn(XElement element, FlowText flow)
    {
        if (element.Name == Ns.Mc + "AlternateContent") Drawn(WordLine.Chosen(element), flow);
        else if (element.Name == Ns.W + "txbxContent") Blocks(element, flow);
        else if (element.Name == Ns.A + "p") flow.Paragraph(DrawingText.Paragraph(element));
        else if (element.Name == Ns.C + "chart") Other(element.Attribute(Ns.R + "id")?.Value, chart => ChartText.Write(chart, flow));
        else if (element.Name == Ns.Diagram + "relIds") Other(element.Attribute(Ns.R + "dm")?.Value, data => DrawingText.WriteDiagram(data, flow));
        else foreach (var child in element.Elements()) Drawn(child, flow);
    }

    private void Other(string? id, Action<XElement> write)
    {
        if (id is not null && _package.Relations(_part).GetValueOrDefault(id) is { External: false } relation && _package.Tree(relation.Target) is { } tree) write(tree);
    }

    private void Notes(FlowText flow)
    {
        foreach (var note in _waiting.ToList()) Note(note, flow);
        _waiting.Clear();
    }

    private void Note((string Kind, string Id) reference, FlowText flow)
    {
        if (!_notes.TryGetValue(reference, out var found) || !_written.Add(reference)) return;
        var (part, fields) = (_part, _fields);
        (_part, _fields) = (found.Part, new WordFields());
        var inner = flow.Inner();
        Blocks(found.Note, inner);
        (_part, _fields) = (part, fields);
        if (inner.IsBlank) return;
        var text = new InlineText();
        if (reference.Kind == "comment") text.Add((string?)found.Note.Attribute(Ns.W + "author") is { Length: > 0 } author ? $"[{author}] " : "");
        else text.AddRaw(WordLine.NoteMark(reference) + ": ");
        var (markdown, plain) = inner.Cell();
        flow.Note(text, markdown, plain);
    }

    /// <summary>Headers and footers, each text once; those that hold but a page number say nothing.</summary>
    private void Furniture(XElement body)
    {
        var seen = new HashSet<string>();
        var main = _part;
        foreach (var reference in body.Descendants(Ns.W + "sectPr").SelectMany(section => section.Elements()).Where(element => element.Name.LocalName is "headerReference" or "footerReference"))
        {
            if ((string?)reference.Attribute(Ns.R + "id") is not { } id || _package.Relations(main).GetValueOrDefault(id) is not { External: false } relation || _package.Tree(relation.Target) is not { } tree) continue;
            (_part, _fields) = (relation.Target, new WordFields());
            var inner = _flow.Inner();
            Blocks(tree, inner);
            var (markdown, plain) = inner.Cell();
            if (plain.Count(char.IsLetter) > 2 && seen.Add(plain)) _flow.Note(new InlineText(), markdown, plain);
        }
        _part = main;
        Notes(_flow);
    }

    private XElement? Related(string kind) => _package.Related(_part, kind) is { } part ? _package.Tree(part) : null;

    private static void Flush(List<string> code, FlowText flow)
    {
        if (code.Count > 0) flow.Code(string.Join('\n', code));
        code.Clear();
    }
}
