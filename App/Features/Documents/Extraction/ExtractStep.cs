using BlazorAdmin.Features.Documents.Reading;

namespace BlazorAdmin.Features.Documents.Extraction;

/// <summary>Finds the entities in the pages' text and chooses the fields among them.</summary>
public sealed class ExtractStep : IDocumentStep<ExtractInput, ExtractionResult>
{
    public string Name => "extract";

    public string Version => "1";

    public Task<StepResult<ExtractionResult>> Run(ExtractInput input, StepContext context, CancellationToken cancel) => Task.FromResult(StepResult<ExtractionResult>.Ready(Extract(input, cancel)));

    /// <summary>The same without a working folder: the step uses no tools.</summary>
    public static ExtractionResult Extract(ExtractInput input, CancellationToken cancel)
    {
        var (found, warnings) = EntityFinder.Find(input.Pages, input.Rules, cancel);
        var judged = input.Judged.GroupBy(one => (one.Entity.Kind, one.Entity.Page)).ToDictionary(group => group.Key, group => group.Select(one => one.Entity).ToList());
        var mentions = found.Where(one => !judged.TryGetValue((one.Kind, one.Page), out var others) || !others.Exists(one.Overlaps)).ToList();
        // What people say is certain.
        var certain = input.Judged.Where(one => one.IsOne).Select(one => one.Entity with { Confidence = 1 });
        var all = mentions.Concat(certain).OrderBy(one => one.Page).ThenBy(one => one.Start).ToList();
        return new ExtractionResult(mentions, FieldChooser.Choose(input.Pages, all, input.Rules), warnings);
    }
}
