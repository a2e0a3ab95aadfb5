using System.Text;

namespace BlazorAdmin.Benchmarks.Circuits;

/// <summary>An element, a text, a piece of markup, or the place of a component (which has neither name nor text).</summary>
internal sealed class PageNode(PageNode? parent, string? name, string? text = null)
{
    public PageNode? Parent { get; } = parent;

    public string? Name { get; } = name;

    /// <summary>Of a text, or raw HTML of a piece of markup.</summary>
    public string? Text { get; set; } = text;

    public List<PageNode> Children { get; private set; } = [];

    public Dictionary<string, string?> Attributes { get; } = [];

    /// <summary>Ids of event handlers by attribute, for instance <c>onclick</c>.</summary>
    public Dictionary<string, ulong> Handlers { get; } = [];

    public IEnumerable<PageNode> Descendants()
    {
        foreach (var child in Children)
        {
            yield return child;
            foreach (var deeper in child.Descendants()) yield return deeper;
        }
    }

    /// <summary>All text inside, markup included as it is.</summary>
    public string InnerText()
    {
        var all = new StringBuilder(Text);
        foreach (var node in Descendants()) all.Append(node.Text);
        return all.ToString();
    }

    public void Permute(List<(int From, int To)> moves)
    {
        var moved = new List<PageNode>(Children);
        foreach (var (from, to) in moves) moved[to] = Children[from];
        Children = moved;
    }
}
