namespace BlazorAdmin.Benchmarks.Figures;

/// <summary>What a figure is, before it is measured.</summary>
public sealed record FigureSpec(string Name, string Unit, Better Better)
{
    public double? Must { get; init; }

    public double? Aim { get; init; }

    /// <summary>What the peer is, in words; null without one.</summary>
    public string? Peer { get; init; }
}
