namespace BlazorAdmin.Features.Logs;

/// <summary>Puts the steps of a trace in the order of a waterfall: each after the one that contains it, siblings by their start.</summary>
public static class TraceTree
{
    private const int MostDepth = 40;

    /// <param name="spans">Of one trace. A step whose parent was not kept stands at the top.</param>
    public static IReadOnlyList<TraceStep> Order(IReadOnlyList<TraceSpan> spans)
    {
        var known = spans.Select(s => s.SpanId).ToHashSet();
        var below = spans.Where(s => s.ParentId is not null && known.Contains(s.ParentId) && s.ParentId != s.SpanId).ToLookup(s => s.ParentId!);
        var start = spans.Count == 0 ? default : spans.Min(s => s.StartedAt);
        var steps = new List<TraceStep>(spans.Count);
        var seen = new HashSet<string>();
        foreach (var root in spans.Where(s => s.ParentId is null || !known.Contains(s.ParentId)).OrderBy(s => s.StartedAt)) Add(root, 0);
        // A circle of parents has no top.
        foreach (var rest in spans.Where(s => !seen.Contains(s.SpanId)).OrderBy(s => s.StartedAt)) Add(rest, 0);
        return steps;

        void Add(TraceSpan span, int depth)
        {
            if (!seen.Add(span.SpanId)) return;
            steps.Add(new TraceStep(span, depth, span.StartedAt - start));
            foreach (var child in below[span.SpanId].OrderBy(s => s.StartedAt)) Add(child, Math.Min(depth + 1, MostDepth));
        }
    }
}
