using BlazorAdmin.Benchmarks.Figures;

namespace BlazorAdmin.Benchmarks.Documents;

/// <summary>How well and how fast documents are read and understood: real files beside plain tools in the same run, and a thousand small ones through the engine.</summary>
/// <param name="rows">Documents of the lists.</param>
public sealed class DocumentsGroup(int rows) : IFigureGroup
{
    public string Name => "documents";

    public async Task RunAsync(FigureSink sink, CancellationToken cancellation)
    {
        if (sink.Wants("documents.similarity")) await SimilarityFigures.MeasureAsync(sink, cancellation);
        await RecognitionFigures.MeasureAsync(sink, cancellation);
        if (sink.Wants("documents.fields")) await FieldFigures.MeasureAsync(sink, cancellation);
        if (sink.Wants("documents.classes")) await ClassificationFigures.MeasureAsync(sink, cancellation);
        if (sink.Wants("documents.lists") || sink.Wants("documents.pages")) await LibraryFigures.MeasureAsync(sink, Math.Min(rows, 1_000_000), cancellation);
        if (sink.Wants("documents.speed")) await SpeedFigures.MeasureAsync(sink, cancellation);
    }
}
