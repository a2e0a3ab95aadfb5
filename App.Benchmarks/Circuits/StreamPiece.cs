namespace BlazorAdmin.Benchmarks.Circuits;

/// <summary>Takes a piece of an endless stream; the bytes are valid only during the call.</summary>
internal delegate void StreamPiece(ReadOnlySpan<byte> bytes);
