namespace BlazorAdmin.Benchmarks.Figures;

/// <summary>How often a measurement is repeated.</summary>
/// <param name="Count">Undisturbed runs that are wanted.</param>
/// <param name="Most">A run on a busy machine is repeated; more than this and the machine is simply busy.</param>
/// <param name="Least">With fewer undisturbed runs the figure is void.</param>
/// <param name="Patience">How long a run waits for a quiet machine before it begins whatever the probe says.</param>
public sealed record Repetition(int Count, int Most, int Least, TimeSpan Patience)
{
    public static Repetition Usual { get; } = new(5, 10, 3, TimeSpan.FromSeconds(60));

    /// <summary>For runs of minutes.</summary>
    public static Repetition Few { get; } = new(3, 4, 2, TimeSpan.FromSeconds(5));

    /// <summary>For a run that is long enough to be its own average.</summary>
    public static Repetition Once { get; } = new(1, 2, 1, TimeSpan.FromSeconds(5));
}
