using System.Text.Json.Serialization;
using BlazorAdmin.Features.Documents.Reading;

namespace BlazorAdmin.Features.Documents.Duplicates;

/// <summary>Makes the sketch by which near duplicates of a text are found.</summary>
public sealed class SketchStep : IDocumentStep<SketchInput, Sketch>
{
    public string Name => "sketch";

    public string Version => "1";

    public Task<StepResult<Sketch>> Run(SketchInput input, StepContext context, CancellationToken cancel) =>
        Task.FromResult(StepResult<Sketch>.Ready(new Sketch(MinHash.Of(input.Texts))));
}

/// <param name="Pages">How many texts there are; they themselves are kept as pages.</param>
public sealed record SketchInput(int Pages, [property: JsonIgnore] IReadOnlyList<string> Texts);

/// <param name="Signature">Null: the text is too short to be compared.</param>
public sealed record Sketch(byte[]? Signature);
