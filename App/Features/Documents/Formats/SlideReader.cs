using System.Globalization;
using System.Xml.Linq;
using BlazorAdmin.Features.Documents.Reading;

namespace BlazorAdmin.Features.Documents.Formats;

/// <summary>PowerPoint presentations (ISO/IEC 29500, Transitional and Strict): each slide is a page, in the order of the show, with shapes, groups, tables, diagrams, charts, comments and notes.</summary>
internal sealed class SlideReader
{
    /// <summary>Number and date of a slide say nothing of its content.</summary>
    private static readonly string[] Furniture = ["sldNum", "dt"];
    private readonly OfficePackage _package;
    private readonly CancellationToken _cancel;
    private readonly FlowText _flow;
    private string _part = "";

    private SlideReader(OfficePackage package, StepContext context, CancellationToken cancel)
    {
        (_package, _cancel) = (package, cancel);
        _flow = new FlowText(context.Options.MaxTextBytes);
    }

    public static Conversion Read(string path, StepContext context, CancellationToken cancel)
    {
        using var package = new OfficePackage(path);
        var main = package.Main ?? "ppt/presentation.xml";
        if (package.Tree(main) is not { } show || show.Name != Ns.P + "presentation") throw new InvalidDataException("The package has no presentation.");
        var reader = new SlideReader(package, context, cancel);
        var slides = show.Element(Ns.P + "sldIdLst")?.Elements(Ns.P + "sldId").ToList() ?? [];
        if (slides.Count > context.Options.MaxPages) throw new ReadStoppedException(ReadOutcome.TooManyPages, new ReadReason("TooManyPages", context.Options.MaxPages.ToString(CultureInfo.InvariantCulture)));
        foreach (var slide in slides)
        {
            if ((string?)slide.Attribute(Ns.R + "id") is { } id && package.Relations(main).GetValueOrDefault(id) is { External: false } relation) reader.Slide(relation.Target);
        }
        reader._flow.NewPage(keepEmpty: true);
        return reader._flow.ToConversion(WordReader.Engine);
    }

    private void Slide(string part)
    {
        _cancel.ThrowIfCancellationRequested();
        _flow.NewPage(keepEmpty: _part.Length > 0);
        _part = part;
        if (_package.Tree(part) is { } slide) Shapes(slide.Element(Ns.P + "cSld")?.Element(Ns.P + "spTree"));
        foreach (var related in _package.Relations(part).Values.Where(related => !related.External).ToList())
        {
            if (related.Kind == "notesSlide") Notes(related.Target);
            else if (related.Kind == "comments") Comments(related.Target);
        }
    }

    private void Shapes(XElement? tree)
    {
        foreach (var shape in tree?.Elements() ?? [])
        {
            switch (shape.Name.LocalName)
            {
                case "sp" or "cxnSp":
                    Shape(shape);
                    break;
                case "grpSp":
                    Shapes(shape);
                    break;
                case "graphicFrame":
                    Frame(shape);
                    break;
                case "AlternateContent":
                    Shapes(WordLine.Chosen(shape));
                    break;
            }
        }
    }

    private void Shape(XElement shape)
    {
        var place = shape.Element(Ns.P + "nvSpPr")?.Element(Ns.P + "nvPr")?.Element(Ns.P + "ph");
        var kind = place is null ? null : (string?)place.Attribute("type") ?? "obj";
        if (Furniture.Contains(kind) || shape.Element(Ns.P + "txBody") is not { } body) return;
        if (kind is "title" or "ctrTitle")
        {
            var title = new InlineText();
            foreach (var paragraph in body.Elements(Ns.A + "p"))
            {
                if (!title.IsBlank) title.Add(" ");
                title.Add(Text(paragraph));
            }
            _flow.Heading(1, title);
            return;
        }
        Paragraphs(body, _flow, bullets: kind is "obj" or "body" && !IsHeadline(place!));
    }

    /// <summary>Text placeholders of a comparison hold one line above each side, without a bullet; the layout says so.</summary>
    private bool IsHeadline(XElement place)
    {
        if (_package.Related(_part, "slideLayout") is not { } layout || (string?)place.Attribute("idx") is not { } index || _package.Tree(layout) is not { } tree) return false;
        var model = tree.Descendants(Ns.P + "sp").FirstOrDefault(shape => shape.Descendants(Ns.P + "ph").Any(other => (string?)other.Attribute("idx") == index));
        return model?.Element(Ns.P + "txBody")?.Element(Ns.A + "lstStyle")?.Element(Ns.A + "lvl1pPr")?.Element(Ns.A + "buNone") is not null;
    }

    private void Paragraphs(XElement body, FlowText flow, bool bullets)
    {
        var numbers = new int[9];
        foreach (var paragraph in body.Elements(Ns.A + "p"))
        {
            var properties = paragraph.Element(Ns.A + "pPr");
            var depth = int.TryParse((string?)properties?.Attribute("lvl"), CultureInfo.InvariantCulture, out var level) ? Math.Clamp(level, 0, 8) : 0;
            var text = Text(paragraph);
            var numbered = properties?.Element(Ns.A + "buAutoNum");
            if (numbered is null) Array.Clear(numbers, depth, 1);
            if (text.IsBlank) continue;
            if (numbered is not null)
            {
                if (numbers[depth] == 0 && int.TryParse((string?)numbered.Attribute("startAt"), CultureInfo.InvariantCulture, out var start)) numbers[depth] = Math.Clamp(start, 1, 30_000) - 1;
                Array.Clear(numbers, depth + 1, numbers.Length - depth - 1);
                flow.Item(depth, $"{++numbers[depth]}.", text);
            }
            else if (properties?.Element(Ns.A + "buNone") is null && (bullets || properties?.Element(Ns.A + "buChar") is not null || properties?.Element(Ns.A + "buBlip") is not null)) flow.Item(depth, "-", text);
            else flow.Paragraph(text);
        }
    }

    private InlineText Text(XElement paragraph) => DrawingText.Paragraph(paragraph, id => _package.Relations(_part).GetValueOrDefault(id) is { External: true } relation ? relation.Target : null);

    private void Frame(XElement frame)
    {
        foreach (var data in frame.Descendants(Ns.A + "graphicData").SelectMany(data => data.Elements()))
        {
            if (data.Name == Ns.A + "tbl") Table(data);
            else if (data.Name == Ns.C + "chart") Other((string?)data.Attribute(Ns.R + "id"), chart => ChartText.Write(chart, _flow));
            else if (data.Name == Ns.Diagram + "relIds") Other((string?)data.Attribute(Ns.R + "dm"), diagram => DrawingText.WriteDiagram(diagram, _flow));
        }
    }

    private void Table(XElement table)
    {
        var grid = new TableGrid();
        foreach (var row in table.Elements(Ns.A + "tr"))
        {
            grid.NewRow();
            foreach (var cell in row.Elements(Ns.A + "tc"))
            {
                // Covered cells stand in the file as well; the covering one fills them.
                if (IsOn(cell, "hMerge") || IsOn(cell, "vMerge")) continue;
                var inner = _flow.Inner();
                if (cell.Element(Ns.A + "txBody") is { } body) Paragraphs(body, inner, bullets: false);
                var (markdown, plain) = inner.Cell();
                grid.Add(markdown, plain, Span(cell, "gridSpan"), Span(cell, "rowSpan"));
            }
        }
        _flow.Table(grid);
    }

    private void Other(string? id, Action<XElement> write)
    {
        if (id is not null && _package.Relations(_part).GetValueOrDefault(id) is { External: false } relation && _package.Tree(relation.Target) is { } tree) write(tree);
    }

    private void Notes(string part)
    {
        var inner = _flow.Inner();
        foreach (var shape in _package.Tree(part)?.Descendants(Ns.P + "sp") ?? [])
        {
            if (shape.Descendants(Ns.P + "ph").Any(place => (string?)place.Attribute("type") == "body") && shape.Element(Ns.P + "txBody") is { } body) Paragraphs(body, inner, bullets: false);
        }
        var (markdown, plain) = inner.Cell();
        _flow.Note(new InlineText(), markdown, plain);
    }

    private void Comments(string part)
    {
        foreach (var comment in _package.Tree(part)?.Descendants().Where(element => element.Name.LocalName is "cm" or "reply") ?? [])
        {
            var text = comment.Elements().FirstOrDefault(element => element.Name.LocalName is "text" or "txBody");
            if (text is not null) _flow.Paragraph(text.Name.LocalName == "text" ? text.Value : string.Join('\n', text.Elements(Ns.A + "p").Select(paragraph => DrawingText.Paragraph(paragraph).Plain())));
        }
    }

    private static bool IsOn(XElement cell, string name) => (string?)cell.Attribute(name) is "1" or "true";

    private static int Span(XElement cell, string name) => int.TryParse((string?)cell.Attribute(name), CultureInfo.InvariantCulture, out var span) && span > 0 ? Math.Min(span, 1_000) : 1;
}
