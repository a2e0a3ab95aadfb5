using BlazorAdmin.Shell.Controls;

namespace BlazorAdmin.Shell;

/// <summary>A short message after an action. Undo, when given, takes the action back.</summary>
public sealed record Toast(long Number, Tone Tone, string Text, Func<Task>? Undo, string? LinkText, string? Link);
