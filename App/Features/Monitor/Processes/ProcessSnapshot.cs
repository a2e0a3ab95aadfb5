namespace BlazorAdmin.Features.Monitor.Processes;

/// <summary>All processes at one moment.</summary>
/// <param name="HasRates">False at the first moment of watching: rates need two.</param>
public sealed record ProcessSnapshot(DateTimeOffset At, bool HasRates, IReadOnlyList<ProcessRow> Processes);
