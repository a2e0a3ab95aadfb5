namespace BlazorAdmin.Shell.Controls;

/// <summary>One line of a LogView. Number orders and identifies it within its log.</summary>
public sealed record LogLine(long Number, DateTimeOffset At, Tone Tone, string Level, string Text);
