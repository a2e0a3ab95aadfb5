namespace BlazorAdmin.Benchmarks.Circuits;

/// <summary>What a browser would show of a circuit: the trees of all components, kept up to date by render batches.</summary>
internal sealed class PageDocument
{
    private readonly Dictionary<int, PageNode> _places = [];
    private readonly List<PageNode> _roots = [];

    public IEnumerable<PageNode> Nodes => _roots.SelectMany(root => root.Descendants().Prepend(root));

    /// <summary>The first element that answers to the event and satisfies the condition.</summary>
    public PageNode? Find(string handler, Func<PageNode, bool> condition) => Nodes.FirstOrDefault(node => node.Handlers.ContainsKey(handler) && condition(node));

    public string InnerText() => string.Concat(_roots.Select(root => root.InnerText()));

    /// <summary>Applies a batch.</summary>
    /// <returns>The components whose trees it changed.</returns>
    public void Apply(in RenderBatch batch)
    {
        for (var index = 0; index < batch.UpdatedCount; index++)
        {
            var (component, edits, count) = batch.Updated(index);
            if (!_places.TryGetValue(component, out var place))
            {
                // Only roots are rendered before a parent has given them a place.
                _places[component] = place = new PageNode(null, null);
                _roots.Add(place);
            }

            ApplyEdits(batch, place, edits, count);
        }

        for (var index = 0; index < batch.DisposedCount; index++)
            if (_places.Remove(batch.Disposed(index), out var gone))
                _roots.Remove(gone);
    }

    private void ApplyEdits(in RenderBatch batch, PageNode place, int edits, int count)
    {
        var parent = place;
        List<(int From, int To)> moves = [];
        for (var index = 0; index < count; index++)
        {
            var edit = batch.Edit(edits, index);
            switch (edit.Type)
            {
                case EditType.PrependFrame:
                    Insert(batch, parent, edit.Sibling, edit.Frame);
                    break;
                case EditType.RemoveFrame:
                    parent.Children.RemoveAt(edit.Sibling);
                    break;
                case EditType.SetAttribute:
                    SetAttribute(batch, parent.Children[edit.Sibling], batch.Frame(edit.Frame));
                    break;
                case EditType.RemoveAttribute:
                    var name = batch.Text(edit.RemovedName)!;
                    parent.Children[edit.Sibling].Attributes.Remove(name);
                    parent.Children[edit.Sibling].Handlers.Remove(name);
                    break;
                case EditType.UpdateText or EditType.UpdateMarkup:
                    parent.Children[edit.Sibling].Text = batch.Text(batch.Frame(edit.Frame).First);
                    break;
                case EditType.StepIn:
                    parent = parent.Children[edit.Sibling];
                    break;
                case EditType.StepOut:
                    parent = parent.Parent ?? throw new CircuitException("A render batch steps out of its component.");
                    break;
                case EditType.PermutationListEntry:
                    moves.Add((edit.Sibling, edit.Frame));
                    break;
                case EditType.PermutationListEnd:
                    parent.Permute(moves);
                    moves = [];
                    break;
                default:
                    throw new CircuitException($"A render batch holds the unknown edit {edit.Type}.");
            }
        }
    }

    /// <returns>How many children it became.</returns>
    private int Insert(in RenderBatch batch, PageNode parent, int sibling, int index)
    {
        var frame = batch.Frame(index);
        switch (frame.Type)
        {
            case FrameType.Element:
                var element = new PageNode(parent, batch.Text(frame.Second));
                var child = index + 1;
                for (; child < index + frame.First && batch.Frame(child) is { Type: FrameType.Attribute } attribute; child++) SetAttribute(batch, element, attribute);
                InsertRange(batch, element, 0, child, index + frame.First);
                parent.Children.Insert(sibling, element);
                return 1;
            case FrameType.Text or FrameType.Markup:
                parent.Children.Insert(sibling, new PageNode(parent, null, batch.Text(frame.First)));
                return 1;
            case FrameType.Component:
                var place = new PageNode(parent, null);
                _places[frame.Second] = place;
                parent.Children.Insert(sibling, place);
                return 1;
            case FrameType.Region:
                return InsertRange(batch, parent, sibling, index + 1, index + frame.First);
            case FrameType.ElementReferenceCapture or FrameType.ComponentReferenceCapture or FrameType.ComponentRenderMode or FrameType.NamedEvent:
                return 0;
            default:
                throw new CircuitException($"A render batch holds the frame {frame.Type} where a child belongs.");
        }
    }

    private int InsertRange(in RenderBatch batch, PageNode parent, int sibling, int first, int end)
    {
        var inserted = 0;
        for (var index = first; index < end;)
        {
            inserted += Insert(batch, parent, sibling + inserted, index);
            var frame = batch.Frame(index);
            index += frame.Type is FrameType.Element or FrameType.Component or FrameType.Region ? frame.First : 1;
        }

        return inserted;
    }

    private static void SetAttribute(in RenderBatch batch, PageNode element, Frame frame)
    {
        var name = batch.Text(frame.First)!;
        if (frame.Handler != 0) element.Handlers[name] = frame.Handler;
        else element.Attributes[name] = batch.Text(frame.Second);
    }
}
