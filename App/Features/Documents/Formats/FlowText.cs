using System.Globalization;
using System.Text;
using BlazorAdmin.Features.Documents.Reading;

namespace BlazorAdmin.Features.Documents.Formats;

/// <summary>Collects the blocks of a document in order and writes them page by page, as Markdown and as plain text side by side.</summary>
internal sealed class FlowText
{
    /// <summary>A page of a file that names pages itself is cut only beyond this.</summary>
    private const int LongestPage = 200_000;
    private readonly List<Block> _blocks = [];
    private readonly Budget _budget;
    private readonly bool _isInner;
    private bool _newPage;
    private int _outermost;

    /// <param name="limit">Characters of text at most; more stop the reading as too large.</param>
    public FlowText(long limit) => _budget = new Budget { Left = limit, Limit = limit };

    private FlowText(Budget budget) => (_budget, _isInner) = (budget, true);

    private enum Kind
    {
        Paragraph,
        Heading,
        Item,
        Table,
    }

    public bool IsBlank => _blocks.TrueForAll(block => block.Plain.Length == 0);

    /// <summary>A flow for the content of one cell; it draws on the same limit.</summary>
    public FlowText Inner() => new(_budget);

    public void Heading(int level, InlineText text)
    {
        if (text.IsBlank) return;
        var line = text.Markdown(onLine: true).Replace("<br>", " ");
        Add(new Block($"{new string('#', Math.Clamp(level, 1, 6))} {line}", text.Plain().Replace('\n', ' '), line, Kind.Heading));
    }

    public void Paragraph(InlineText text)
    {
        if (text.IsBlank) return;
        Add(new Block(GuardStart(text.Markdown()), text.Plain(), text.Markdown(onLine: true), Kind.Paragraph));
    }

    public void Paragraph(string text) => Paragraph(InlineText.Of(text));

    /// <param name="depth">0 for the outermost list.</param>
    /// <param name="marker">"-" or a number with a point; anything else is written as text after a bullet.</param>
    public void Item(int depth, string marker, InlineText text)
    {
        if (text.IsBlank) return;
        // A list may go on deep inside after a paragraph: indented there, Markdown would take it for code.
        if (_blocks.Count == 0 || _newPage || _blocks[^1].Kind != Kind.Item) _outermost = depth;
        _outermost = Math.Min(_outermost, depth);
        depth -= _outermost;
        var mark = marker == "-" || IsNumber(marker) ? marker : "- " + InlineText.Escape(marker);
        var indent = new string(' ', 4 * Math.Clamp(depth, 0, 8));
        var line = text.Markdown(onLine: true);
        var plain = $"{indent}{(marker == "-" ? "•" : marker)} {text.Plain().Replace("\n", "\n" + indent)}";
        Add(new Block($"{indent}{mark} {line}", plain, $"{mark} {line}", Kind.Item));
    }

    public void Code(string code)
    {
        var text = code.Trim('\n');
        if (string.IsNullOrWhiteSpace(text)) return;
        var fence = text.Contains("```", StringComparison.Ordinal) ? "~~~~" : "```";
        Add(new Block($"{fence}\n{text}\n{fence}", text, InlineText.Escape(text.Replace('\n', ' ')), Kind.Paragraph));
    }

    /// <summary>A paragraph of what stands beside the text, such as a note: its mark, then its content on one line.</summary>
    public void Note(InlineText mark, string markdown, string plain)
    {
        if (plain.Length == 0) return;
        var (marked, shown) = (mark.Markdown(onLine: true), mark.Plain());
        var gap = shown.Length > 0 ? " " : "";
        Add(new Block($"{marked}{gap}{markdown}", $"{shown}{gap}{plain}", $"{marked}{gap}{markdown}", Kind.Paragraph));
    }

    public void Equation(string formula)
    {
        var text = formula.Replace('\n', ' ').Trim();
        if (text.Length > 0) Add(new Block($"$${text}$$", text, $"${text}$", Kind.Paragraph));
    }

    public void Table(TableGrid grid)
    {
        if (grid.IsBlank) return;
        var flat = _isInner ? grid.Flat(markdown: true) : "";
        foreach (var (markdown, plain) in grid.Parts(Sections.Characters))
        {
            Add(new Block(markdown, plain, flat, Kind.Table));
            flat = "";
        }
    }

    /// <summary>What follows stands on the next page; a page without text counts when <paramref name="keepEmpty"/>.</summary>
    public void NewPage(bool keepEmpty = false)
    {
        if (keepEmpty && (_newPage || _blocks.Count == 0)) _blocks.Add(new Block("", "", "", Kind.Paragraph) { StartsPage = _newPage });
        _newPage = true;
    }

    /// <summary>All of it on one line each, for the cell of a table.</summary>
    public (string Markdown, string Plain) Cell() => (
        string.Join("<br>", _blocks.Select(block => block.Cell.Replace("\n", "<br>")).Where(text => text.Length > 0)),
        string.Join(' ', _blocks.Select(block => block.Plain.Replace('\n', ' ').Replace('\t', ' ').Trim()).Where(text => text.Length > 0)));

    /// <summary>Pages as the file names them; where it names none, sections of readable size at block borders.</summary>
    public IReadOnlyList<PageText> Pages()
    {
        var limit = _blocks.Exists(block => block.StartsPage) ? LongestPage : Sections.Characters;
        var pages = new List<List<Block>> { new() };
        var size = 0;
        foreach (var block in _blocks)
        {
            if (block.StartsPage && pages[^1].Count > 0) Turn(pages, ref size, heading: false);
            else if (size > 0 && size + block.Plain.Length > limit) Turn(pages, ref size, heading: true);
            pages[^1].Add(block);
            size += block.Plain.Length;
        }
        return [.. pages.Select((blocks, i) => Page(i + 1, blocks))];
    }

    public Conversion ToConversion(string engine) => new(Pages(), [], engine);

    private static void Turn(List<List<Block>> pages, ref int size, bool heading)
    {
        var last = pages[^1];
        pages.Add([]);
        size = 0;
        // A heading belongs to what follows it.
        if (!heading || last.Count < 2 || last[^1].Kind != Kind.Heading) return;
        pages[^1].Add(last[^1]);
        size = last[^1].Plain.Length;
        last.RemoveAt(last.Count - 1);
    }

    private static PageText Page(int number, List<Block> blocks)
    {
        var (markdown, plain) = (new StringBuilder(), new StringBuilder());
        Block? before = null;
        foreach (var block in blocks.Where(block => block.Plain.Length > 0))
        {
            var gap = before is null ? "" : before.Kind == Kind.Item && block.Kind == Kind.Item ? "\n" : "\n\n";
            markdown.Append(gap).Append(block.Markdown);
            plain.Append(gap).Append(block.Plain);
            before = block;
        }
        var (marked, text) = (markdown.ToString(), plain.ToString());
        return new PageText(number, text, marked == text ? null : marked, TextOrigin.File, null);
    }

    private void Add(Block block)
    {
        _budget.Left -= block.Markdown.Length;
        if (_budget.Left < 0) throw new ReadStoppedException(ReadOutcome.TooLarge, new ReadReason("TextTooLarge", (_budget.Limit >> 20).ToString(CultureInfo.InvariantCulture)));
        _blocks.Add(_newPage ? block with { StartsPage = true } : block);
        _newPage = false;
    }

    private static bool IsNumber(string marker) => marker.Length is > 1 and < 10 && marker[^1] == '.' && marker.AsSpan(0, marker.Length - 1).IndexOfAnyExceptInRange('0', '9') < 0;

    /// <summary>A paragraph that begins like a heading, a list or a quotation is none.</summary>
    private static string GuardStart(string markdown)
    {
        if (markdown.Length == 0) return markdown;
        if (markdown[0] == '#' || (markdown[0] is '-' or '+' && markdown.Length > 1 && markdown[1] == ' ')) return "\\" + markdown;
        var digits = markdown.AsSpan().IndexOfAnyExceptInRange('0', '9');
        return digits is > 0 and < 10 && digits + 1 < markdown.Length && markdown[digits] is '.' or ')' && markdown[digits + 1] == ' ' ? markdown.Insert(digits, "\\") : markdown;
    }

    private sealed record Block(string Markdown, string Plain, string Cell, Kind Kind)
    {
        public bool StartsPage { get; init; }
    }

    private sealed class Budget
    {
        public long Left { get; set; }

        public long Limit { get; init; }
    }
}
