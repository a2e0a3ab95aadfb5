using System.Globalization;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using BlazorAdmin.Features.Documents.Reading;

namespace BlazorAdmin.Features.Documents.Formats;

/// <summary>HTML as a browser's parser understands it (WHATWG), without scripts, styles and hidden elements; nothing it refers to is loaded.</summary>
internal sealed class HtmlReader
{
    public const string Engine = "html";
    private static readonly HashSet<string> Silent =
        ["SCRIPT", "STYLE", "TEMPLATE", "NOSCRIPT", "HEAD", "IFRAME", "OBJECT", "EMBED", "SVG", "CANVAS", "AUDIO", "VIDEO", "SELECT", "DATALIST", "BUTTON", "INPUT", "TEXTAREA", "MATH", "DIALOG"];

    private static readonly HashSet<string> BlockNames =
    [
        "ADDRESS", "ARTICLE", "ASIDE", "BLOCKQUOTE", "BODY", "CENTER", "DD", "DETAILS", "DIV", "DL", "DT", "FIELDSET", "FIGCAPTION", "FIGURE", "FOOTER", "FORM", "H1", "H2", "H3", "H4", "H5", "H6", "HEADER",
        "HGROUP", "HR", "LI", "MAIN", "MENU", "NAV", "OL", "P", "PRE", "SECTION", "SUMMARY", "TABLE", "TBODY", "TD", "TFOOT", "TH", "THEAD", "TR", "UL", "CAPTION", "LEGEND",
    ];

    private readonly CancellationToken _cancel;
    private int _lists;

    private HtmlReader(CancellationToken cancel) => _cancel = cancel;

    /// <exception cref="ReadStoppedException">Nested too deep, or more text than the limit.</exception>
    public static Conversion Read(string path, StepContext context, CancellationToken cancel)
    {
        if (new FileInfo(path).Length > context.Options.MaxTextBytes) throw new ReadStoppedException(ReadOutcome.TooLarge, TextConverter.TooLarge(context.Options).Reason!);
        var text = HtmlDecoding.Decode(File.ReadAllBytes(path)) ?? throw new ReadStoppedException(ReadOutcome.Damaged, new ReadReason("TextDamaged"));
        return Flow(text, context.Options.MaxTextBytes, cancel).ToConversion(Engine);
    }

    /// <param name="limit">Characters of text at most.</param>
    public static FlowText Flow(string html, long limit, CancellationToken cancel)
    {
        HtmlDepth.Check(html);
        var document = new HtmlParser().ParseDocument(html);
        var flow = new FlowText(limit);
        if (document.Body is { } body) new HtmlReader(cancel).Container(body, flow);
        return flow;
    }

    /// <summary>Text between blocks is a paragraph of its own.</summary>
    private void Container(IElement parent, FlowText flow, Action<InlineText>? write = null)
    {
        _cancel.ThrowIfCancellationRequested();
        var write1 = write ?? flow.Paragraph;
        var line = new InlineText();
        foreach (var node in parent.ChildNodes) Node(node, TextLook.None, null, flow, ref line, write1);
        End(ref line, write1);
    }

    private void Node(INode node, TextLook look, string? link, FlowText flow, ref InlineText line, Action<InlineText> write)
    {
        if (node is IText text)
        {
            line.Add(Collapse(text.Data, line), look, link);
            return;
        }
        if (node is not IElement element || IsHidden(element)) return;
        if (BlockNames.Contains(element.TagName))
        {
            End(ref line, write);
            Block(element, look, link, flow);
            return;
        }
        switch (element.TagName)
        {
            case "BR":
                line.Add("\n", TextLook.None, link);
                break;
            case "IMG":
                // The picture itself is never loaded; what its author wrote in its place is text.
                if (element.GetAttribute("alt") is { Length: > 0 } alternative && !IsInNavigation(element)) line.Add(Spaced(alternative, line), look, link);
                break;
            case "Q":
                line.Add("“", look, link);
                Children(element, look, link, flow, ref line, write);
                line.Add("”", look, link);
                break;
            default:
                Children(element, look | LookOf(element), Link(element) ?? link, flow, ref line, write);
                break;
        }
    }

    private void Children(IElement element, TextLook look, string? link, FlowText flow, ref InlineText line, Action<InlineText> write)
    {
        foreach (var node in element.ChildNodes) Node(node, look, link, flow, ref line, write);
    }

    private void Block(IElement element, TextLook look, string? link, FlowText flow)
    {
        switch (element.TagName)
        {
            case "H1" or "H2" or "H3" or "H4" or "H5" or "H6":
                var level = element.TagName[1] - '0';
                Styled(element, look & ~TextLook.Bold, link, flow, text => flow.Heading(level, text));
                break;
            case "UL" or "OL" or "MENU":
                List(element, flow);
                break;
            case "DL":
                Definitions(element, flow);
                break;
            case "TABLE":
                Table(element, flow);
                break;
            case "PRE":
                flow.Code(element.TextContent);
                break;
            case "HR":
                break;
            default:
                Styled(element, look, link, flow, flow.Paragraph);
                break;
        }
    }

    private void Styled(IElement element, TextLook look, string? link, FlowText flow, Action<InlineText> write)
    {
        var line = new InlineText();
        Children(element, look, link, flow, ref line, write);
        End(ref line, write);
    }

    private void List(IElement list, FlowText flow)
    {
        var number = int.TryParse(list.GetAttribute("start"), CultureInfo.InvariantCulture, out var start) ? start : 1;
        var ordered = list.TagName == "OL";
        _lists++;
        foreach (var item in list.Children)
        {
            if (IsHidden(item)) continue;
            if (item.TagName != "LI")
            {
                Block(item, TextLook.None, null, flow);
                continue;
            }
            var marker = ordered ? number.ToString(CultureInfo.InvariantCulture) + "." : "-";
            number++;
            var first = true;
            Styled(item, TextLook.None, null, flow, text =>
            {
                if (text.IsBlank) return;
                if (first) flow.Item(_lists - 1, marker, text);
                else flow.Paragraph(text);
                first = false;
            });
        }
        _lists--;
    }

    private void Definitions(IElement list, FlowText flow)
    {
        _lists++;
        foreach (var item in list.Children.SelectMany(child => child.TagName == "DIV" ? child.Children : (IEnumerable<IElement>)[child]))
        {
            if (IsHidden(item)) continue;
            var depth = item.TagName == "DT" ? _lists - 1 : _lists;
            Styled(item, item.TagName == "DT" ? TextLook.Bold : TextLook.None, null, flow, text => flow.Item(depth, "-", text));
        }
        _lists--;
    }

    private void Table(IElement table, FlowText flow)
    {
        if (table.Children.FirstOrDefault(child => child.TagName == "CAPTION") is { } caption) Container(caption, flow);
        var grid = new TableGrid();
        var outer = _lists;
        _lists = 0;
        var rows = Rows(table).ToList();
        // A table of one cell is a frame around its content.
        if (rows is [var only] && Cells(only).ToList() is [var frame])
        {
            Container(frame, flow);
            _lists = outer;
            return;
        }
        foreach (var row in rows)
        {
            _cancel.ThrowIfCancellationRequested();
            grid.NewRow();
            foreach (var cell in Cells(row))
            {
                var inner = flow.Inner();
                Container(cell, inner);
                var (markdown, plain) = inner.Cell();
                grid.Add(markdown, plain, Span(cell, "colspan"), Span(cell, "rowspan"));
            }
        }
        _lists = outer;
        flow.Table(grid);
    }

    private static IEnumerable<IElement> Rows(IElement table) => table.Children.Where(child => !IsHidden(child)).SelectMany(child => child.TagName switch
    {
        "TR" => [child],
        "THEAD" or "TBODY" or "TFOOT" => child.Children.Where(row => row.TagName == "TR" && !IsHidden(row)),
        _ => (IEnumerable<IElement>)[],
    });

    private static IEnumerable<IElement> Cells(IElement row) => row.Children.Where(cell => cell.TagName is "TD" or "TH" && !IsHidden(cell));

    private static int Span(IElement cell, string name) => int.TryParse(cell.GetAttribute(name), CultureInfo.InvariantCulture, out var span) && span > 0 ? Math.Min(span, 1_000) : 1;

    private static void End(ref InlineText line, Action<InlineText> write)
    {
        if (!line.IsBlank) write(line);
        line = new InlineText();
    }

    private static TextLook LookOf(IElement element) => element.TagName switch
    {
        "B" or "STRONG" => TextLook.Bold,
        "I" or "EM" or "CITE" or "VAR" or "DFN" => TextLook.Italic,
        "S" or "DEL" or "STRIKE" => TextLook.Strike,
        "SUB" => TextLook.Below,
        "SUP" => TextLook.Above,
        "CODE" or "KBD" or "SAMP" or "TT" => TextLook.Code,
        _ => TextLook.None,
    };

    private static string? Link(IElement element) => element.TagName == "A" ? InlineText.SafeLink(element.GetAttribute("href")) : null;

    /// <summary>Pictures there are logos and icons: their names say nothing of the document.</summary>
    private static bool IsInNavigation(IElement picture) => picture.Ancestors<IElement>().Any(element =>
        element.TagName == "NAV" || element.GetAttribute("role") == "navigation" || element.ClassList.Any(name => name == "nav" || name.StartsWith("nav-", StringComparison.OrdinalIgnoreCase) || name.StartsWith("navbar", StringComparison.OrdinalIgnoreCase)));

    /// <summary>Not shown by a browser, and so not read by anybody: what hides there is no part of the document.</summary>
    private static bool IsHidden(IElement element)
    {
        if (Silent.Contains(element.TagName.ToUpperInvariant()) || element.HasAttribute("hidden")) return true;
        if (element.GetAttribute("style") is not { Length: > 0 } style) return false;
        var rules = style.Replace(" ", "");
        return rules.Contains("display:none", StringComparison.OrdinalIgnoreCase) || rules.Contains("visibility:hidden", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Runs of white space are one blank, and none at the start of a line.</summary>
    private static string Collapse(string text, InlineText line)
    {
        var words = string.Join(' ', text.Split(' ', '\n', '\r', '\t', '\f'));
        var collapsed = new System.Text.StringBuilder(words.Length);
        foreach (var c in words)
        {
            if (c != ' ' || collapsed.Length == 0 || collapsed[^1] != ' ') collapsed.Append(c);
        }
        return line.IsBlank ? collapsed.ToString().TrimStart(' ') : collapsed.ToString();
    }

    private static string Spaced(string text, InlineText line) => (line.IsBlank ? "" : " ") + text.Trim() + " ";
}
