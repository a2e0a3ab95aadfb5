namespace BlazorAdmin.Benchmarks.Figures;

/// <summary>The figures of one area, run by its name on the command line.</summary>
public interface IFigureGroup
{
    string Name { get; }

    /// <summary>Measures every figure and hands each to <paramref name="sink"/> as soon as it is known.</summary>
    Task RunAsync(FigureSink sink, CancellationToken cancellation);
}
