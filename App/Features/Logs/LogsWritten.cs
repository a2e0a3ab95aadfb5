namespace BlazorAdmin.Features.Logs;

/// <summary>New lines are in the log.</summary>
public sealed record LogsWritten(int Count);
