namespace BlazorAdmin.Features.Documents.Extraction;

/// <summary>Collects what is found in one page.</summary>
internal sealed class PageEntities(EntityPage page)
{
    private readonly List<FoundEntity> _found = [];

    public string Text => page.Text;

    public IReadOnlyList<FoundEntity> Found => _found;

    /// <summary>Adds the entity unless its text or value is longer than the portal keeps.</summary>
    public void Add(string kind, int start, int end, string value, double confidence, Guid? rule = null)
    {
        if (end <= start || end - start > DocumentField.ValueLength || value.Length is 0 or > DocumentField.ValueLength) return;
        // An own pattern may end in the middle of a character, which no database takes.
        if (TextScan.SplitsCharacter(page.Text, start) || TextScan.SplitsCharacter(page.Text, end)) return;
        _found.Add(new FoundEntity(kind, page.Number, start, end - start, page.Text[start..end], value, confidence, rule));
    }
}
