namespace BlazorAdmin.Benchmarks.Circuits;

/// <summary>The server said something that the circuit client does not understand, or ended the circuit.</summary>
public sealed class CircuitException(string message) : Exception(message);
