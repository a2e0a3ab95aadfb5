namespace BlazorAdmin.Benchmarks.Figures;

/// <summary>A raw measure of the machine, taken in the same run as a figure: a slow probe explains a slow figure.</summary>
public interface IProbe
{
    string Name { get; }

    /// <summary>What a quiet machine of the kind in docs/benchmarks.md gives. Higher is better.</summary>
    double Reference { get; }

    Task<double> ReadAsync(CancellationToken cancellation);
}
