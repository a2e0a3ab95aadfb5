using System.Text.Json.Serialization;
using BlazorAdmin.Features.Documents.Reading;

namespace BlazorAdmin.Features.Documents.Classification;

/// <summary>Asks a model what kind of document a text is.</summary>
public sealed class ClassifyStep : IDocumentStep<ClassifyInput, Classified>
{
    public string Name => "classify";

    public string Version => "1";

    public async Task<StepResult<Classified>> Run(ClassifyInput input, StepContext context, CancellationToken cancel)
    {
        var words = TextFeatures.Words(input.Text);
        if (words.Count == 0) return StepResult<Classified>.Ended(ReadOutcome.NoText, "NoText");
        try
        {
            var tool = new FastText(context.Runner, context.Folder, context.Log);
            var answers = await tool.Predict(input.ModelPath, [TextFeatures.Line(words)], input.Model.Labels.Count, cancel);
            return StepResult<Classified>.Ready(new Classified(input.Model.Scores(answers[0])));
        }
        catch (ClassifierFaultException fault)
        {
            return new StepResult<Classified>(ReadOutcome.Failed, null, fault.Reason);
        }
    }
}

/// <param name="ModelPath">Absolute path of the model's file on this node.</param>
public sealed record ClassifyInput(ActiveClassifier Model, [property: JsonIgnore] string ModelPath, [property: JsonIgnore] string Text);

/// <param name="Scores">The likeliest type first.</param>
public sealed record Classified(IReadOnlyList<TypeScore> Scores);
