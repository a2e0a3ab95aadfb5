namespace BlazorAdmin.Benchmarks.Figures;

/// <summary>Which direction of a figure is good.</summary>
public enum Better
{
    Higher,
    Lower,
}
