using BlazorAdmin.Benchmarks.Figures;

namespace BlazorAdmin.Benchmarks.Documents;

/// <summary>How well and how fast documents are read and understood: real files beside plain tools in the same run, and a thousand small ones through the engine.</summary>
public sealed class DocumentsGroup : IFigureGroup
{
    public string Name => "documents";

    public async Task RunAsync(FigureSink sink, CancellationToken cancellation)
    {
        if (sink.Wants("documents.similarity")) await SimilarityFigures.MeasureAsync(sink, cancellation);
        await RecognitionFigures.MeasureAsync(sink, cancellation);
        if (sink.Wants("documents.fields")) await FieldFigures.MeasureAsync(sink, cancellation);
        if (sink.Wants("documents.classes")) await ClassificationFigures.MeasureAsync(sink, cancellation);
        if (sink.Wants("documents.speed")) await SpeedFigures.MeasureAsync(sink, cancellation);
    }
}
