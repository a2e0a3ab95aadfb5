using BlazorAdmin.Features.Documents.Extraction;

namespace BlazorAdmin.Tests.Features.Documents.Extraction;

/// <summary>Finds entities in a text and checks what holds for each of them.</summary>
internal static class Finding
{
    public static IReadOnlyList<FoundEntity> In(string text, params OwnRule[] rules)
    {
        var found = EntityFinder.Find([new EntityPage(1, text)], rules, CancellationToken.None).Found;
        foreach (var one in found)
        {
            text.Substring(one.Start, one.Length).ShouldBe(one.Text);
            one.Value.ShouldNotBeNullOrEmpty();
            one.Confidence.ShouldBeInRange(0.01, 1);
        }
        return found;
    }

    /// <summary>Values of one kind, in the order of the text.</summary>
    public static IReadOnlyList<string> Values(string text, string kind) => [.. In(text).Where(one => one.Kind == kind).Select(one => one.Value)];

    public static IReadOnlyDictionary<string, string> Fields(string text) =>
        ExtractStep.Extract(new ExtractInput([new EntityPage(1, text)], [], []), CancellationToken.None).Fields.ToDictionary(field => field.Name, field => field.Value);

    public static OwnRule Pattern(string pattern, string name = "own", bool matchCase = true) => new(Guid.NewGuid(), name, ExtractionRuleKind.Pattern, pattern, matchCase, false);

    public static OwnRule Dictionary(string words, string name = "own", bool matchCase = false) => new(Guid.NewGuid(), name, ExtractionRuleKind.Dictionary, words, matchCase, false);
}
