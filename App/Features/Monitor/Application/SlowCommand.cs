namespace BlazorAdmin.Features.Monitor.Application;

/// <summary>A database command that took long within the last hour.</summary>
/// <param name="Text">As it was sent, with names in place of its parameters.</param>
/// <param name="Longest">Of its slow runs.</param>
/// <param name="At">When the longest run ended.</param>
/// <param name="Runs">Slow runs that were seen.</param>
/// <param name="Failed">The longest run ended in an error.</param>
public sealed record SlowCommand(string Text, TimeSpan Longest, DateTimeOffset At, int Runs, bool Failed);
