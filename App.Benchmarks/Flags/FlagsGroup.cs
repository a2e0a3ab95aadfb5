using BlazorAdmin.Benchmarks.Figures;

namespace BlazorAdmin.Benchmarks.Flags;

/// <summary>What asking a flag costs.</summary>
public sealed class FlagsGroup : IFigureGroup
{
    public string Name => "flags";

    public Task RunAsync(FigureSink sink, CancellationToken cancellation) => EvaluationFigures.MeasureAsync(sink, cancellation);
}
