namespace BlazorAdmin.Benchmarks.Figures;

/// <summary>One measured figure, as it is printed and written.</summary>
/// <param name="Name">Stable over versions, for instance <c>portal.circuit.shell</c>.</param>
/// <param name="Value">The median of the runs that count.</param>
/// <param name="Must">The bound that has to hold; null if the figure only informs.</param>
/// <param name="Aim">The bound to strive for.</param>
/// <param name="Peer">What was measured beside it in the same run, in words.</param>
/// <param name="PeerValue">Its value, in the same unit.</param>
/// <param name="Probe">What the machine itself could do during the run.</param>
/// <param name="IsVoid">Too few runs had an undisturbed machine: the value says nothing.</param>
public sealed record Figure(
    string Name, double Value, string Unit, Better Better, double? Must, double? Aim,
    string? Peer, double? PeerValue, ProbeReading Probe, bool IsVoid)
{
    /// <summary>Null if there is no bound or the figure is void.</summary>
    public bool? Holds => Must is not { } must || IsVoid ? null : Better == Better.Lower ? Value <= must : Value >= must;
}
