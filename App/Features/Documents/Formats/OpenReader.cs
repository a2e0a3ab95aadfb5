using System.Globalization;
using System.Xml.Linq;
using BlazorAdmin.Features.Documents.Reading;

namespace BlazorAdmin.Features.Documents.Formats;

/// <summary>OpenDocument 1.3 texts, sheets and presentations: frames, notes, annotations, nested tables and lists, hidden parts left out.</summary>
internal sealed class OpenReader
{
    public const string Engine = "opendocument";
    private const int MaxRepeats = 1_000;
    private readonly FlowText _flow;
    private readonly OpenStyles _styles;
    private readonly CancellationToken _cancel;
    private readonly List<(string Mark, XElement Note)> _notes = [];

    private OpenReader(OpenStyles styles, StepContext context, CancellationToken cancel)
    {
        (_styles, _cancel) = (styles, cancel);
        _flow = new FlowText(context.Options.MaxTextBytes);
    }

    public static Conversion Read(string path, StepContext context, CancellationToken cancel)
    {
        using var package = new OfficePackage(path);
        if (package.Tree("content.xml") is not { } content || content.Element(Ns.Office + "body")?.Elements().FirstOrDefault() is not { } body) throw new InvalidDataException("The package has no content.");
        var reader = new OpenReader(new OpenStyles(package.Tree("styles.xml"), content), context, cancel);
        switch (body.Name.LocalName)
        {
            case "spreadsheet":
                foreach (var table in body.Elements(Ns.Table + "table")) reader.Sheet(table);
                break;
            case "presentation" or "drawing":
                foreach (var page in body.Elements(Ns.Draw + "page")) reader.Slide(page);
                reader._flow.NewPage(keepEmpty: true);
                break;
            default:
                reader.Blocks(body, reader._flow, 0, null);
                reader.Notes(reader._flow);
                break;
        }
        return reader._flow.ToConversion(Engine);
    }

    private void Blocks(XElement parent, FlowText flow, int depth, string? list)
    {
        foreach (var block in parent.Elements()) Block(block, flow, depth, list);
    }

    private void Block(XElement block, FlowText flow, int depth, string? list)
    {
        _cancel.ThrowIfCancellationRequested();
        switch (block.Name.LocalName)
        {
            case "h" when block.Name.Namespace == Ns.Text:
                var level = (int?)block.Attribute(Ns.Text + "outline-level") ?? 1;
                Paragraph(block, flow, text => flow.Heading(level, text));
                break;
            case "p" when block.Name.Namespace == Ns.Text:
                if (_styles.IsTitle((string?)block.Attribute(Ns.Text + "style-name"))) Paragraph(block, flow, text => flow.Heading(1, text));
                else Paragraph(block, flow, flow.Paragraph);
                break;
            case "list":
                List(block, flow, depth, list);
                break;
            case "table" when block.Name.Namespace == Ns.Table:
                Table(block, flow);
                break;
            case "soft-page-break" when flow == _flow:
                Notes(flow);
                flow.NewPage();
                break;
            case "tracked-changes" or "sequence-decls" or "forms" or "variable-decls" or "user-field-decls" or "annotation" or "creator" or "date" or "initials" or "title" or "desc" or "notes" or "image":
                break;
            default:
                if ((string?)block.Attribute(Ns.Text + "display") != "none") Blocks(block, flow, depth, list);
                break;
        }
    }

    private void Paragraph(XElement paragraph, FlowText flow, Action<InlineText> write)
    {
        var line = new OpenText(_styles);
        line.Read(paragraph);
        write(line.Text);
        foreach (var frame in line.Floating) Block(frame, flow, 0, null);
        _notes.AddRange(line.Notes);
        if (flow == _flow && line.BreaksPage)
        {
            Notes(flow);
            flow.NewPage();
        }
    }

    private void List(XElement list, FlowText flow, int depth, string? outer)
    {
        var style = (string?)list.Attribute(Ns.Text + "style-name") ?? outer;
        var numbered = _styles.IsNumbered(style, depth + 1);
        var number = 0;
        foreach (var item in list.Elements().Where(item => item.Name.LocalName is "list-item" or "list-header"))
        {
            var isFirst = item.Name.LocalName == "list-item";
            if (isFirst) number = (int?)item.Attribute(Ns.Text + "start-value") ?? number + 1;
            foreach (var block in item.Elements())
            {
                if (block.Name == Ns.Text + "p" && isFirst)
                {
                    var marker = numbered ? number.ToString(CultureInfo.InvariantCulture) + "." : "-";
                    Paragraph(block, flow, text => flow.Item(depth, marker, text));
                    isFirst = false;
                }
                else Block(block, flow, depth + 1, style);
            }
        }
    }

    private void Table(XElement table, FlowText flow)
    {
        var grid = new TableGrid();
        foreach (var row in Rows(table))
        {
            grid.NewRow();
            foreach (var cell in row.Elements(Ns.Table + "table-cell"))
            {
                var inner = flow.Inner();
                Blocks(cell, inner, 0, null);
                var (markdown, plain) = inner.Cell();
                for (var i = 0; i < Repeats(cell, "columns", plain); i++) grid.Add(markdown, plain, Span(cell, "columns"), Span(cell, "rows"));
            }
        }
        flow.Table(grid);
    }

    private void Sheet(XElement table)
    {
        _flow.NewPage();
        _flow.Heading(2, InlineText.Of((string?)table.Attribute(Ns.Table + "name") ?? ""));
        var grid = new SheetGrid();
        var number = 0;
        foreach (var row in Rows(table))
        {
            _cancel.ThrowIfCancellationRequested();
            var repeated = Math.Clamp((int?)row.Attribute(Ns.Table + "number-rows-repeated") ?? 1, 1, 2_000_000);
            var cells = row.Elements().Where(cell => cell.Name.LocalName is "table-cell" or "covered-table-cell").ToList();
            var filled = cells.Exists(cell => cell.Elements(Ns.Text + "p").Any());
            for (var copy = 0; copy < (filled ? Math.Min(repeated, MaxRepeats) : 0); copy++) Cells(grid, cells, number + copy);
            number += repeated;
        }
        grid.Write(_flow, _cancel);
        if (table.Element(Ns.Table + "shapes") is { } shapes) Blocks(shapes, _flow, 0, null);
        Notes(_flow);
    }

    private void Cells(SheetGrid grid, List<XElement> cells, int row)
    {
        var column = 0;
        foreach (var cell in cells)
        {
            var repeated = Math.Clamp((int?)cell.Attribute(Ns.Table + "number-columns-repeated") ?? 1, 1, 20_000);
            var inner = _flow.Inner();
            Blocks(cell, inner, 0, null);
            var text = inner.Cell().Plain;
            if (cell.Element(Ns.Office + "annotation") is { } annotation) _notes.Add(((string?)annotation.Element(Ns.DublinCore + "creator") is { Length: > 0 } author ? $"[{author}]" : "", annotation));
            for (var copy = 0; copy < Math.Min(repeated, text.Length > 0 ? MaxRepeats : 0); copy++) grid.Set(row, column + copy, text);
            var (columns, rows) = (Span(cell, "columns"), Span(cell, "rows"));
            if (text.Length > 0 && columns * rows > 1) grid.Merge((row, column), (row + rows - 1, column + columns - 1));
            column += repeated;
        }
    }

    private void Slide(XElement page)
    {
        _flow.NewPage(keepEmpty: page.ElementsBeforeSelf(Ns.Draw + "page").Any());
        foreach (var shape in page.Elements())
        {
            if ((string?)shape.Attribute(Ns.Presentation + "class") is "title" && shape.Descendants(Ns.Text + "p").ToList() is { Count: > 0 } lines)
            {
                var title = new InlineText();
                foreach (var line in lines)
                {
                    var text = new OpenText(_styles);
                    text.Read(line);
                    if (!title.IsBlank) title.Add(" ");
                    title.Add(text.Text);
                }
                _flow.Heading(1, title);
            }
            else if ((string?)shape.Attribute(Ns.Presentation + "class") is not ("page-number" or "date-time")) Block(shape, _flow, 0, null);
        }
        Notes(_flow);
        if (page.Element(Ns.Presentation + "notes") is not { } notes) return;
        var inner = _flow.Inner();
        foreach (var frame in notes.Elements().Where(frame => (string?)frame.Attribute(Ns.Presentation + "class") == "notes")) Blocks(frame, inner, 0, null);
        var (markdown, plain) = inner.Cell();
        _flow.Note(new InlineText(), markdown, plain);
    }

    private void Notes(FlowText flow)
    {
        foreach (var (mark, note) in _notes.ToList())
        {
            var inner = flow.Inner();
            Blocks(note, inner, 0, null);
            var (markdown, plain) = inner.Cell();
            var text = new InlineText();
            text.AddRaw(mark.StartsWith("[^", StringComparison.Ordinal) ? mark : InlineText.Escape(mark));
            flow.Note(text, markdown, plain);
        }
        _notes.Clear();
    }

    private static IEnumerable<XElement> Rows(XElement table) => table.Elements().SelectMany(child => child.Name.LocalName switch
    {
        "table-row" => [child],
        "table-rows" or "table-header-rows" or "table-row-group" => Rows(child),
        _ => (IEnumerable<XElement>)[],
    });

    private static int Repeats(XElement cell, string what, string text) => Math.Clamp((int?)cell.Attribute(Ns.Table + $"number-{what}-repeated") ?? 1, 1, text.Length > 0 ? 64 : 1);

    private static int Span(XElement cell, string what) => Math.Clamp((int?)cell.Attribute(Ns.Table + $"number-{what}-spanned") ?? 1, 1, 1_000);
}
