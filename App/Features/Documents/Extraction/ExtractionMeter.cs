namespace BlazorAdmin.Features.Documents.Extraction;

/// <summary>Compares what the extraction finds by itself with what people say, document by document.</summary>
internal sealed class ExtractionMeter
{
    private readonly Dictionary<(string Name, bool IsField), (int Right, int Wrong, int Missed)> _counts = [];

    public IReadOnlyList<MeasuredRow> Rows => [.. _counts.OrderByDescending(count => count.Key.IsField).ThenBy(count => count.Key.Name, StringComparer.Ordinal)
        .Select(count => new MeasuredRow(count.Key.Name, count.Key.IsField, count.Value.Right, count.Value.Wrong, count.Value.Missed))];

    /// <param name="judged">Mentions with a judgement, at their place in the pages.</param>
    /// <param name="said">Fields by people; an empty value says that there is none.</param>
    public void Add(IReadOnlyList<EntityPage> pages, IReadOnlyList<OwnRule> rules, IReadOnlyList<JudgedEntity> judged, IReadOnlyDictionary<string, string> said, CancellationToken cancel)
    {
        var result = ExtractStep.Extract(new ExtractInput(pages, rules, []), cancel);
        foreach (var (entity, isOne) in judged)
        {
            var found = result.Mentions.Any(one => one.Kind == entity.Kind && one.Overlaps(entity));
            if (isOne || found) Count(entity.Kind, false, right: isOne && found, wrong: !isOne && found, missed: isOne && !found);
        }
        var fields = result.Fields.ToDictionary(field => field.Name, field => field.Value);
        foreach (var (name, value) in said)
        {
            var found = fields.GetValueOrDefault(name);
            var right = found == value;
            // A wrong value is both: one that is not so, and one that is missing.
            if (found is not null || value.Length > 0) Count(name, true, right, wrong: found is not null && !right, missed: value.Length > 0 && !right);
        }
    }

    private void Count(string name, bool isField, bool right, bool wrong, bool missed)
    {
        var before = _counts.GetValueOrDefault((name, isField));
        _counts[(name, isField)] = (before.Right + (right ? 1 : 0), before.Wrong + (wrong ? 1 : 0), before.Missed + (missed ? 1 : 0));
    }
}
