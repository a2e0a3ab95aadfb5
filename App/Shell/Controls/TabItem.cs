namespace BlazorAdmin.Shell.Controls;

/// <summary>One tab of Tabs: its key (kept in the URL by the page), title and, where it helps, a count.</summary>
public sealed record TabItem(string Key, string Title, long? Count = null, Tone Tone = Tone.Idle);
