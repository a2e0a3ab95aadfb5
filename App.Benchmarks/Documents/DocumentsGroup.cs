using BlazorAdmin.Benchmarks.Figures;

namespace BlazorAdmin.Benchmarks.Documents;

/// <summary>How well and how fast documents are read, beside the plain tools in the same run, on the files of the shared data.</summary>
public sealed class DocumentsGroup : IFigureGroup
{
    public string Name => "documents";

    public async Task RunAsync(FigureSink sink, CancellationToken cancellation) => await RecognitionFigures.MeasureAsync(sink, cancellation);
}
