using BlazorAdmin.Benchmarks.Figures;

namespace BlazorAdmin.Benchmarks.Documents;

/// <summary>How well documents are read and understood, beside the plain tools in the same run.</summary>
public sealed class DocumentsGroup : IFigureGroup
{
    public string Name => "documents";

    public async Task RunAsync(FigureSink sink, CancellationToken cancellation)
    {
        if (sink.Wants("documents.fields")) await FieldFigures.MeasureAsync(sink, cancellation);
    }
}
