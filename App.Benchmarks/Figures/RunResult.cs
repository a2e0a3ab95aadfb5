namespace BlazorAdmin.Benchmarks.Figures;

/// <summary>One run: values in the order of the specs, the peer's likewise (NaN without one).</summary>
public sealed record RunResult(double[] Values, double[] PeerValues)
{
    public static RunResult Of(double value, double? peer = null) => new([value], [peer ?? double.NaN]);
}
