namespace BlazorAdmin.Benchmarks.Figures;

/// <summary>What a probe gave.</summary>
public sealed record ProbeReading(string Name, double Value, double Reference)
{
    /// <summary>Below this share of the reference somebody else had the machine.</summary>
    public const double LeastShare = 0.7;

    public double Share => Value / Reference;

    public bool Counts => Share >= LeastShare;
}
